/* The ziggurat for the normal density (G. Marsaglia, W. W. Tsang, 2000) as NumPy's Generator draws from it: 255 layers
 * of equal area and, as layer 0, the base with the tail. The tables are copied values, because computed ones would
 * differ in their last bits, and so would the stream. */
#ifndef BASE_RANDOM_ZIGGURAT_H
#define BASE_RANDOM_ZIGGURAT_H

#include <stdint.h>

#define RANDOM_ZIGGURAT_LAYERS 256
#define RANDOM_ZIGGURAT_EDGE 3.6541528853610087963519472518          /* where the tail begins */
#define RANDOM_ZIGGURAT_INVERSE_EDGE 0.27366123732975827203338247596 /* 1 / RANDOM_ZIGGURAT_EDGE */

/* Column k of 52 random bits lies at x = k · scale. */
typedef struct RandomZigguratLayer {
    uint64_t inside; /* columns below this one lie under the curve for certain */
    double scale;
    double density; /* exp(-x²/2) at the layer's edge */
} RandomZigguratLayer;

extern const RandomZigguratLayer random_ziggurat[RANDOM_ZIGGURAT_LAYERS];

#endif
