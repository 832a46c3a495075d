/* What the modules of the compiled core share: the Python that they are built against, bytes that grow, and hashing. */
#ifndef ANNOTATOR_CORE_COMMON_H
#define ANNOTATOR_CORE_COMMON_H
#define PY_SSIZE_T_CLEAN
#define Py_LIMITED_API 0x030B0000
#include <Python.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

typedef struct { uint8_t *data; size_t used, capacity; } Bytes;

static inline int add(Bytes *bytes, const void *data, size_t size) {
    if (bytes->used + size > bytes->capacity) {
        if (bytes->used > SIZE_MAX / 4 || size > SIZE_MAX / 4) return -1;   /* twice their sum can be counted */
        size_t capacity = bytes->capacity ? bytes->capacity * 2 : 256;
        while (capacity < bytes->used + size) capacity *= 2;
        uint8_t *grown = realloc(bytes->data, capacity);
        if (!grown) return -1;
        bytes->data = grown;
        bytes->capacity = capacity;
    }
    memcpy(bytes->data + bytes->used, data, size);
    bytes->used += size;
    return 0;
}

static inline uint64_t mixed(uint64_t key) {
    key ^= key >> 32;
    key *= 0x9E3779B97F4A7C15ull;
    key ^= key >> 29;
    key *= 0xD6E8FEB86659FD93ull;
    return key ^ (key >> 32);
}

#endif
