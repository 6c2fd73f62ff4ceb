/* Numbers of the fields of onnx.proto. */
#ifndef EXPORT_ONNX_FIELDS_H
#define EXPORT_ONNX_FIELDS_H

enum { /* ModelProto */
       MODEL_IR_VERSION = 1,
       MODEL_PRODUCER = 2,
       MODEL_PRODUCER_VERSION = 3,
       MODEL_GRAPH = 7,
       MODEL_OPSETS = 8,
       MODEL_METADATA = 14,
       MODEL_FUNCTIONS = 25
};
enum { OPSET_DOMAIN = 1, OPSET_VERSION = 2 };
enum { ENTRY_KEY = 1, ENTRY_VALUE = 2 };
enum { GRAPH_NODE = 1, GRAPH_NAME = 2, GRAPH_INITIALIZER = 5, GRAPH_INPUT = 11, GRAPH_OUTPUT = 12 };
enum { NODE_INPUT = 1, NODE_OUTPUT = 2, NODE_NAME = 3, NODE_OP = 4, NODE_ATTRIBUTE = 5, NODE_DOMAIN = 7 };
enum { /* AttributeProto */
       ATTRIBUTE_NAME = 1,
       ATTRIBUTE_FLOAT = 2,
       ATTRIBUTE_INT = 3,
       ATTRIBUTE_STRING = 4,
       ATTRIBUTE_TENSOR = 5,
       ATTRIBUTE_GRAPH = 6,
       ATTRIBUTE_FLOATS = 7,
       ATTRIBUTE_INTS = 8,
       ATTRIBUTE_STRINGS = 9,
       ATTRIBUTE_TYPE = 20
};
enum { /* TensorProto */
       TENSOR_DIMENSION = 1,
       TENSOR_TYPE = 2,
       TENSOR_FLOATS = 4,
       TENSOR_INT32S = 5,
       TENSOR_STRINGS = 6,
       TENSOR_INT64S = 7,
       TENSOR_NAME = 8,
       TENSOR_RAW = 9,
       TENSOR_DOUBLES = 10,
       TENSOR_EXTERNAL = 13,
       TENSOR_LOCATION = 14
};
enum { PORT_NAME = 1, PORT_TYPE = 2 };
enum { TYPE_TENSOR = 1 };
enum { TENSOR_TYPE_ELEMENT = 1, TENSOR_TYPE_SHAPE = 2 };
enum { SHAPE_DIMENSION = 1 };
enum { DIMENSION_VALUE = 1, DIMENSION_NAME = 2 };

#endif
