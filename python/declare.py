"""Writes percept/_declarations.py: what include/percept/percept.h declares, in a form that ctypes can use.

    python declare.py HEADER OUT

The build calls it, so the declarations of a package are those of its library. It reads the style of this one header, not C:
functions marked PERCEPT_API, structs, enums, and the number of a macro. It stops at anything that it does not understand.
"""
import re
import sys

# The types of arguments and fields, as one letter each (percept/_library.py turns them into types of ctypes).
LETTERS = {
    "int": "i", "percept_status": "i", "long": "l", "size_t": "z", "ptrdiff_t": "l", "double": "d", "int32_t": "i",
    "uint64_t": "q", "void": "v",
}


def letter_of(declaration, enums):
    """The letter of a C type: s for text, p for any other pointer, else the type's own."""
    words = declaration.replace("*", " * ").replace("const", " ").split()
    if words == ["char", "*"]:
        return "s"
    if "*" in words or words == ["percept_callback"]:
        return "p"
    if len(words) == 1 and words[0] in LETTERS:
        return LETTERS[words[0]]
    if len(words) == 1 and words[0] in enums:
        return "i"
    raise SystemExit(f"declare.py: the type '{declaration.strip()}' is new; say in LETTERS what it is")


def split_name(declaration):
    """'const char *path' → ('const char *', 'path')."""
    match = re.fullmatch(r"(.*?)(\w+)", declaration.strip(), re.S)
    return match.group(1), match.group(2)


def read_functions(text, enums):
    functions = {}
    for match in re.finditer(r"PERCEPT_API\s+([\w\s*]+?)(\w+)\(((?:[^()]|\([^()]*\))*)\);", text):
        result, name, arguments = match.groups()
        letters = ""
        for argument in re.split(r",(?![^(]*\))", arguments):
            if argument.strip() == "void":
                continue
            letters += "p" if "(*" in argument else letter_of(split_name(argument)[0], enums)
        functions[name] = letter_of(result, enums) + ":" + letters
    return functions


def read_fields(body, enums, structs, macros):
    """[(name, letter, length)]: length is None for one value; a letter may be the name of a struct."""
    fields = []
    for statement in filter(str.strip, body.split(";")):
        kind, declarators = re.fullmatch(r"\s*((?:const\s+)?\w+)\s*(.*)", statement.strip(), re.S).groups()
        for declarator in declarators.split(","):
            stars, name, length = re.fullmatch(r"\s*((?:\*\s*(?:const\s+)?)*)(\w+)\s*(?:\[(\w+)\])?\s*", declarator).groups()
            if kind == "char" and length:
                letter = "c"
            elif kind in structs and not stars:
                letter = kind
            else:
                letter = letter_of(kind + stars, enums)
            fields.append((name, letter, int(macros.get(length, length)) if length else None))
    return fields


def read_header(path):
    with open(path, encoding="utf-8") as file:
        text = re.sub(r"/\*.*?\*/", " ", file.read(), flags=re.S)
    macros = dict(re.findall(r'#define (\w+) "?([\w.]+)"?\n', text))
    enums, constants, structs = [], {}, {}
    for match in re.finditer(r"typedef enum (\w+) \{(.*?)\}", text, re.S):
        enums.append(match.group(1))
        value = -1
        for item in filter(str.strip, match.group(2).split(",")):
            name, _, given = (part.strip() for part in item.partition("="))
            value = int(given, 0) if given else value + 1
            constants[name] = value
    for match in re.finditer(r"typedef struct (\w+) \{(.*?)\}", text, re.S):
        structs[match.group(1)] = read_fields(match.group(2), enums, structs, macros)
    functions = read_functions(text, enums)
    declared = len(re.findall(r"^PERCEPT_API ", text, re.M))
    if declared != len(functions):
        raise SystemExit(f"declare.py: {declared} functions are declared in {path}, {len(functions)} were understood")
    return {"VERSION": macros["PERCEPT_VERSION"], "CONSTANTS": constants, "STRUCTS": structs, "FUNCTIONS": functions}


def main():
    header, out = sys.argv[1:]
    lines = [f'"""Made by declare.py from {header.rsplit("/", 1)[-1]}."""']
    for name, value in read_header(header).items():
        if isinstance(value, dict):
            value = "{\n" + "".join(f"    {key!r}: {item!r},\n" for key, item in value.items()) + "}"
        else:
            value = repr(value)
        lines.append(f"{name} = {value}")
    with open(out, "w", encoding="utf-8") as file:
        file.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
