/* The compiled core: words of a folded text looked up in tables, and the cheap tests of phrase forms, in one pass.
 *
 * Built against the limited API of Python 3.11, so that one build serves all versions from there on. Everything here
 * has a counterpart in Python (`matching/_gate.py`, `matching/_forms.py`, `rulebook.FormTable`), which serves where
 * there is no compiler and which the tests hold this against: what is refused here, the matcher would refuse too.
 *
 * Tables are one block of bytes, laid out by `tables.py` and checked in full when they are opened (`check`): no
 * lookup can leave them afterwards. No static buffers, no global state: threads may share what is opened.
 */
#include "common.h"
#if defined(__SSE2__) || defined(_M_X64)
#include <emmintrin.h>
#define BY_SIXTEEN 1
#endif
#if defined(_MSC_VER) && !defined(__clang__)
#include <intrin.h>
#endif

enum {
    WORD_SLOTS, WORD_OFFSETS, WORD_BYTES, ENTRY_SLOTS, TRIGGER_LITERALS, CUE_LITERALS, TRIGGER_INDEX,
    CUE_INDEX, REFERENCES, TRIGGER_FORMS, CUE_FORMS, ELEMENTS, SET_SLOTS, EXACT, MASKS, GATE_OFFSETS, GATES,
    OWNER_OFFSETS, OWNERS, SIZES, FOLDS, PLAINS, MUST_OFFSETS, MUSTS,
    MUST_BYTES, ENTRY_FILTER, TRIGGER_FILTER, CUE_FILTER, DIGITS, SIGNS, SIGN_BYTES, START_OFFSETS, STARTS,
    SECTIONS
};
enum { FREE = 1, NEXT = 2, PREVIOUS = 4, ANYWHERE = 8, BACKWARD = 256, LEANING = 512 };   /* of a literal */
enum { LEANS = 1, STOPS = 2, ANCHORS = 4, WHOLE = 8 };   /* of a form; WHOLE: nothing of it is left to the matcher */
enum { OPEN_LEFT = 1, OPEN_RIGHT = 2, NUMBERED = 4 };                      /* of an element: signs beside it */
enum { GLUED = 1, ALONE = 2 };                                  /* of signs: before, or behind, one of two words only */
enum { LOOSE = 1, DOTTED = 2, FIGURE = 4, IN_BRACKETS = 8, BEHIND = 8 };   /* of what stands beside; shift for behind */
enum { IS_WORD, IS_GAP, IS_SLOT };
enum { ANY_CASE, CAPITAL, SPELT };                                         /* SPELT + where the spelling stands */
#define VERSION 8   /* of what `__init__.py` and `tables.py` expect; to be changed with either */
#define MAGIC 0x374E4341u
#define NO_WORD 0xFFFFFFFFu
#define MOST_BYTES 0x40000000u   /* of a text */
#define NO_WIDTH 2               /* as what a character is folded to: none; 1: more than one */
#define ROOM 256
#define BEGINNINGS 512           /* bytes of a set of how words begin */
#define MOST_NEAR 512
#define SEPARATORS 4
#define PATTERN_REACH 600
#define BLANKS 4                 /* between a word and a sign that stands alone */

typedef struct { uint64_t begin; uint32_t id, length; } WordSlot;          /* `begin`: its first bytes, up to eight */
typedef struct { uint64_t key; uint32_t value, other; } Slot;
typedef struct { uint32_t kinds, reach, free; } Literal;                   /* `free`: what it leads to by itself */
typedef struct { uint32_t owner, flags, first, count, signs; } FormRecord;  /* `signs`: from 1, of each element; 0: none */
typedef struct { uint32_t kind, value, flags; } Element;
/* The signs before and behind a word: between it and its neighbours, and at an edge of its form; they stand in a row. */
typedef struct { uint8_t separator, after, before, behind; uint32_t at, between, beside; } Signs;
/* A form that may stand, `owner` with its highest bit set where nothing is left to check: it stands from `low` to `high`
   then, offsets in the plain text, if that is within a paragraph. */
typedef struct { uint32_t start, end, literal, form, anchor, owner, low, high; } Survivor;
typedef struct { uint32_t start, end, context; } Cue;

typedef struct {
    PyObject_HEAD
    Py_buffer buffer;
    int held;
    const uint8_t *at[SECTIONS];
    uint32_t size[SECTIONS];      /* in records of the section */
    uint32_t width;               /* 64-bit words of a mask of contexts */
    uint32_t contexts;
    int usual;                    /* whether ASCII is folded as `fold_sixteen` does */
} Tables;

/* -- hashing ---------------------------------------------------------------------------------------------------- */

/* Eight bytes as a number, the first one lowest. */
static inline uint64_t load(const uint8_t *from) {
    uint64_t part;
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    part = 0;
    for (int n = 7; n >= 0; n--) part = part << 8 | from[n];
#else
    memcpy(&part, from, 8);
#endif
    return part;
}

static const uint64_t KEPT[17][2] = {   /* what of two numbers of eight bytes belongs to so many bytes */
#define ALL 0xFFFFFFFFFFFFFFFFull
    {0, 0}, {0xFF, 0}, {0xFFFF, 0}, {0xFFFFFF, 0}, {0xFFFFFFFF, 0}, {0xFFFFFFFFFFull, 0}, {0xFFFFFFFFFFFFull, 0},
    {0xFFFFFFFFFFFFFFull, 0}, {ALL, 0}, {ALL, 0xFF}, {ALL, 0xFFFF}, {ALL, 0xFFFFFF}, {ALL, 0xFFFFFFFF},
    {ALL, 0xFFFFFFFFFFull}, {ALL, 0xFFFFFFFFFFFFull}, {ALL, 0xFFFFFFFFFFFFFFull}, {ALL, ALL},
#undef ALL
};

/* Hash of a word, and its first bytes, up to eight; `readable` is how many bytes may be read from `word` on. */
static inline uint32_t hash_of(const uint8_t *word, size_t length, size_t readable, uint64_t *begin) {
    uint64_t first, second;
    const uint64_t *kept = KEPT[length < 16 ? length : 16];
    if (readable >= 16) {
        first = load(word);
        second = load(word + 8);
    } else {
        uint8_t part[16] = {0};
        memcpy(part, word, length < readable ? length : readable);
        first = load(part);
        second = load(part + 8);
    }
    first &= kept[0];
    second &= kept[1];
    for (size_t at = 16; at < length; at += 8) {
        uint8_t part[8] = {0};
        memcpy(part, word + at, length - at < 8 ? length - at : 8);
        second = mixed(second ^ load(part)) + at;
    }
    *begin = first;
    uint64_t hash = first * 0x9E3779B97F4A7C15ull + (second ^ second >> 29) * 0xD6E8FEB86659FD93ull;
    hash ^= hash >> 32;
    uint32_t result = (uint32_t)(hash * 0xC2B2AE3D27D4EB4Full >> 32);
    return result + !result;
}

/* Hash of two hashes, or of a number and a hash. */
static inline uint32_t joined(uint32_t first, uint32_t second) {
    uint32_t hash = ((first << 15 | first >> 17) ^ second) * 0x9E3779B1u;
    return hash ^ hash >> 15;
}

/* A filter is 64-bit words in each of which a hash sets two bits; it stays in the nearest cache. */
static inline uint32_t is_in(const uint64_t *filter, uint32_t mask, uint32_t hash) {
    uint64_t bits = filter[hash & mask];
    return (uint32_t)(bits >> (hash >> 26) & bits >> (hash >> 20 & 63) & 1);
}

static inline uint32_t id_of_hash(const Tables *t, const uint8_t *word, size_t length, uint64_t begin, uint32_t hash) {
    const WordSlot *slots = (const WordSlot *)t->at[WORD_SLOTS];
    uint32_t mask = t->size[WORD_SLOTS] - 1, at = hash & mask;
    while (slots[at].id) {
        if (slots[at].begin == begin && slots[at].length == length) {
            uint32_t id = slots[at].id - 1;
            if (length <= 8) return id;
            if (!memcmp(t->at[WORD_BYTES] + ((const uint32_t *)t->at[WORD_OFFSETS])[id], word, length)) return id;
        }
        at = (at + 1) & mask;
    }
    return NO_WORD;
}

static uint32_t word_id(const Tables *t, const uint8_t *word, size_t length, size_t readable) {
    uint64_t begin;
    uint32_t hash = hash_of(word, length, readable, &begin);
    return id_of_hash(t, word, length, begin, hash);
}

static inline const Slot *look_up(const Tables *t, int section, uint64_t key) {
    const Slot *slots = (const Slot *)t->at[section];
    uint32_t mask = t->size[section] - 1, at = (uint32_t)mixed(key) & mask;
    while (slots[at].key) {
        if (slots[at].key == key) return &slots[at];
        at = (at + 1) & mask;
    }
    return NULL;
}

/* -- opening tables --------------------------------------------------------------------------------------------- */

static const uint32_t RECORD[SECTIONS] = {
    sizeof(WordSlot), 4, 1, sizeof(Slot), sizeof(Literal), sizeof(Literal), sizeof(Slot),
    sizeof(Slot), 4, sizeof(FormRecord), sizeof(FormRecord), sizeof(Element), sizeof(Slot), 1, 8, 4, 4, 4, 4, 4, 1, 1,
    4, 4, 1, 8, 8, 8, 4, sizeof(Signs), 1, 4, 4,
};

static int is_map(const Tables *t, int section, uint32_t most, uint32_t other) {
    uint32_t size = t->size[section], empty = 0;
    if (!size || size & (size - 1)) return 0;
    const Slot *slots = (const Slot *)t->at[section];
    for (uint32_t n = 0; n < size; n++) {
        if (!slots[n].key) empty++;
        else if (slots[n].value >= most || slots[n].other >= other) return 0;
    }
    return empty > 0;
}

static int is_rising(const Tables *t, int section, uint32_t count, uint32_t last) {
    const uint32_t *offsets = (const uint32_t *)t->at[section];
    if (!t->size[section] || t->size[section] - 1 != count || offsets[count] > last) return 0;
    for (uint32_t n = 0; n < count; n++)
        if (offsets[n] > offsets[n + 1]) return 0;
    return 1;
}

/* Tell whether a list of forms and their elements begins at a place of the references. */
static int is_list(const Tables *t, uint32_t place, int cues) {
    uint32_t references = t->size[REFERENCES], forms = t->size[cues ? CUE_FORMS : TRIGGER_FORMS];
    if (place >= references) return 0;
    const uint32_t *list = (const uint32_t *)t->at[REFERENCES] + place;
    if (list[0] > (references - place - 1) / 2) return 0;
    for (uint32_t n = 0; n < list[0]; n++) {
        uint32_t number = list[1 + 2 * n], anchor = list[2 + 2 * n];
        if (number >= forms) return 0;
        if (anchor >= ((const FormRecord *)t->at[cues ? CUE_FORMS : TRIGGER_FORMS])[number].count) return 0;
    }
    return 1;
}

/* Tell whether every place where a lookup could land is within the tables. */
static int check(Tables *t) {
    if (t->size[SIZES] < 3) return 0;
    const uint32_t *sizes = (const uint32_t *)t->at[SIZES];
    uint32_t words = sizes[0], owners = sizes[2];
    t->contexts = sizes[1];
    t->width = (t->contexts + 63) / 64 + !t->contexts;
    if (t->contexts > 65536) return 0;
    if (!is_rising(t, WORD_OFFSETS, words, t->size[WORD_BYTES])) return 0;
    uint32_t slots = t->size[WORD_SLOTS], empty = 0;
    if (!slots || slots & (slots - 1)) return 0;
    for (uint32_t n = 0; n < slots; n++) {
        const WordSlot *slot = (const WordSlot *)t->at[WORD_SLOTS] + n;
        const uint32_t *offsets = (const uint32_t *)t->at[WORD_OFFSETS];
        if (!slot->id) empty++;
        else if (slot->id > words || slot->length != offsets[slot->id] - offsets[slot->id - 1]) return 0;
    }
    if (!empty) return 0;
    uint32_t triggers = t->size[TRIGGER_LITERALS], cues = t->size[CUE_LITERALS];
    uint32_t references = t->size[REFERENCES];
    if (!is_map(t, ENTRY_SLOTS, triggers + 1, cues + 1) || !is_map(t, TRIGGER_INDEX, references, 1)) return 0;
    if (!is_map(t, CUE_INDEX, references, 1)) return 0;
    if (!is_map(t, SET_SLOTS, t->size[EXACT] + SPELT + 1, 257)) return 0;
    for (uint32_t n = 0; n < t->size[SET_SLOTS]; n++) {
        const Slot *slot = (const Slot *)t->at[SET_SLOTS] + n;
        if (slot->key && slot->value >= SPELT && slot->value - SPELT + slot->other > t->size[EXACT]) return 0;
    }
    uint32_t masks = t->size[MASKS] / t->width;
    for (int kind = 0; kind < 2; kind++) {
        for (uint32_t n = 0; n < (kind ? cues : triggers); n++) {
            const Literal *literal = (const Literal *)t->at[kind ? CUE_LITERALS : TRIGGER_LITERALS] + n;
            if (literal->kinds & FREE && !is_list(t, literal->free, kind)) return 0;
        }
        uint32_t forms = t->size[kind ? CUE_FORMS : TRIGGER_FORMS];
        for (uint32_t n = 0; n < forms; n++) {
            const FormRecord *form = (const FormRecord *)t->at[kind ? CUE_FORMS : TRIGGER_FORMS] + n;
            if (form->owner >= (kind ? t->contexts : owners) || form->first > t->size[ELEMENTS]) return 0;
            if (form->count > t->size[ELEMENTS] - form->first || !form->count) return 0;
            if (form->signs && (form->signs > t->size[SIGNS] || form->count > t->size[SIGNS] - form->signs + 1)) return 0;
        }
        const Slot *slot = (const Slot *)t->at[kind ? CUE_INDEX : TRIGGER_INDEX];
        for (uint32_t n = 0; n < t->size[kind ? CUE_INDEX : TRIGGER_INDEX]; n++, slot++) {
            if (!slot->key) continue;
            if (!is_list(t, slot->value, kind)) return 0;
        }
    }
    for (uint32_t n = 0; n < t->size[ELEMENTS]; n++) {
        const Element *element = (const Element *)t->at[ELEMENTS] + n;
        if (element->kind > IS_SLOT || (element->kind == IS_GAP && element->value > MOST_NEAR)) return 0;
        if (element->kind == IS_SLOT && element->value >= masks) return 0;
    }
    for (uint32_t n = 0; n < t->size[SIGNS]; n++) {
        const Signs *signs = (const Signs *)t->at[SIGNS] + n;
        uint32_t length = (uint32_t)signs->separator + signs->after + signs->before + signs->behind;
        if (signs->at > t->size[SIGN_BYTES] || length > t->size[SIGN_BYTES] - signs->at) return 0;
    }
    if (!is_rising(t, GATE_OFFSETS, owners, t->size[GATES])) return 0;
    for (uint32_t n = 0; n < t->size[GATES]; n++)
        if (((const uint32_t *)t->at[GATES])[n] >= masks) return 0;
    if (!is_rising(t, OWNER_OFFSETS, cues, t->size[OWNERS])) return 0;
    for (uint32_t n = 0; n < t->size[OWNERS]; n++)
        if (((const uint32_t *)t->at[OWNERS])[n] >= t->contexts) return 0;
    if (!is_rising(t, START_OFFSETS, owners, t->size[STARTS])) return 0;
    if (!is_rising(t, MUST_OFFSETS, owners, t->size[MUSTS] / 2)) return 0;
    for (uint32_t n = 0; n + 1 < t->size[MUSTS]; n += 2) {
        const uint32_t *run = (const uint32_t *)t->at[MUSTS] + n;
        if (!run[1] || run[0] > t->size[MUST_BYTES] || run[1] > t->size[MUST_BYTES] - run[0]) return 0;
    }
    for (int n = ENTRY_FILTER; n <= CUE_FILTER; n++)
        if (!t->size[n] || t->size[n] & (t->size[n] - 1)) return 0;
    return t->size[FOLDS] == t->size[PLAINS] && t->size[DIGITS] == owners;
}

#ifdef BY_SIXTEEN
/* Tell which bytes are from `first` to `last`, none of them beyond ASCII. */
static inline __m128i within(__m128i part, char first, char last) {
    return _mm_and_si128(_mm_cmpgt_epi8(part, _mm_set1_epi8((char)(first - 1))),
                         _mm_cmplt_epi8(part, _mm_set1_epi8((char)(last + 1))));
}

/* Fold sixteen bytes of ASCII; tell whether any of them takes more than that. `is_usual` holds it against a table. */
static inline int fold_sixteen(__m128i part, __m128i *folded) {
    __m128i small = _mm_or_si128(part, _mm_set1_epi8(' '));
    __m128i letters = within(small, 'a', 'z'), digits = within(part, '0', '9');
    __m128i kept = _mm_or_si128(_mm_and_si128(letters, small), _mm_and_si128(digits, part));
    __m128i others = _mm_andnot_si128(_mm_or_si128(letters, digits), _mm_set1_epi8(' '));
    *folded = _mm_or_si128(kept, others);
    __m128i odd = _mm_or_si128(_mm_cmplt_epi8(part, _mm_set1_epi8('\t')), within(part, 14, 27));
    odd = _mm_or_si128(odd, _mm_cmpeq_epi8(part, _mm_set1_epi8(127)));
    odd = _mm_or_si128(odd, _mm_cmpeq_epi8(part, _mm_set1_epi8('\\')));
    odd = _mm_or_si128(odd, _mm_cmpeq_epi8(part, _mm_set1_epi8('^')));
    return _mm_movemask_epi8(odd);
}
#endif

/* Tell whether a table folds ASCII in the usual way. */
static int is_usual(const Tables *t) {
#ifdef BY_SIXTEEN
    const uint8_t *table = t->at[FOLDS];
    for (int first = 0; first < 128 && t->size[FOLDS] >= 128; first++) {
        uint8_t bytes[16];
        __m128i folded;
        memset(bytes, first, 16);
        int odd = fold_sixteen(_mm_loadu_si128((const __m128i *)(const void *)bytes), &folded);
        _mm_storeu_si128((__m128i *)(void *)bytes, folded);
        if (odd ? table[first] != 1 : table[first] != bytes[0]) return 0;
    }
    return t->size[FOLDS] >= 128;
#else
    (void)t;
    return 0;
#endif
}

static void tables_free(PyObject *self) {
    Tables *t = (Tables *)self;
    PyTypeObject *type = Py_TYPE(self);
    if (t->held) PyBuffer_Release(&t->buffer);
    freefunc release = (freefunc)PyType_GetSlot(type, Py_tp_free);
    release(self);
    Py_DECREF(type);
}

static PyObject *tables_new(PyTypeObject *type, PyObject *args, PyObject *names) {
    (void)names;
    PyObject *data;
    if (!PyArg_ParseTuple(args, "O:Tables", &data)) return NULL;
    allocfunc allocate = (allocfunc)PyType_GetSlot(type, Py_tp_alloc);
    Tables *t = (Tables *)allocate(type, 0);
    if (!t) return NULL;
    if (PyObject_GetBuffer(data, &t->buffer, PyBUF_SIMPLE)) {
        Py_DECREF(t);
        return NULL;
    }
    t->held = 1;
    const uint8_t *bytes = t->buffer.buf;   /* sizes below 2^31: no sum of two of them in `check` overflows */
    uint64_t size = (uint64_t)t->buffer.len, head = 4 * (1 + 2 * SECTIONS);
    int sound = t->buffer.readonly && size >= head && size < 1u << 31 && !((uintptr_t)bytes & 7) && *(const uint32_t *)bytes == MAGIC;
    for (int n = 0; sound && n < SECTIONS; n++) {
        uint32_t start = ((const uint32_t *)bytes)[1 + 2 * n], length = ((const uint32_t *)bytes)[2 + 2 * n];
        sound = !(start & 7) && start >= head && start <= size && length <= size - start && !(length % RECORD[n]);
        t->at[n] = bytes + start;
        t->size[n] = length / RECORD[n];
    }
    if (!sound || !check(t)) {
        Py_DECREF(t);
        PyErr_SetString(PyExc_ValueError, "tables are damaged, or of another version");
        return NULL;
    }
    t->usual = is_usual(t);
    return (PyObject *)t;
}

/* -- the pass over the text ------------------------------------------------------------------------------------- */

/* The words of a folded text: start and end of each, their hashes, and which may be an entry, or the last of one. */
typedef struct {
    uint32_t *edges, *hashes, *marked;
    size_t count, marks, capacity;
} Cut;

static void free_cut(Cut *cut) {
    free(cut->edges);
    free(cut->hashes);
    free(cut->marked);
}

static int grow(Cut *cut, size_t capacity) {
    if (capacity > (size_t)-1 / 2 / sizeof(uint32_t)) return -1;
    uint32_t *edges = realloc(cut->edges, capacity * 2 * sizeof(uint32_t));
    if (edges) cut->edges = edges;
    uint32_t *hashes = realloc(cut->hashes, capacity * sizeof(uint32_t));
    if (hashes) cut->hashes = hashes;
    uint32_t *marked = realloc(cut->marked, capacity * sizeof(uint32_t));
    if (marked) cut->marked = marked;
    if (!edges || !hashes || !marked) return -1;
    cut->capacity = capacity;
    return 0;
}

/* Which is the lowest bit set, of one or more. */
static inline uint32_t lowest(uint64_t bits) {
#if defined(__GNUC__) || defined(__clang__)
    return (uint32_t)__builtin_ctzll(bits);
#elif defined(_MSC_VER) && (defined(_M_X64) || defined(_M_ARM64))
    unsigned long found;
    _BitScanForward64(&found, bits);
    return (uint32_t)found;
#else
    uint32_t found = 0;
    while (!(bits & 1)) {
        bits >>= 1;
        found++;
    }
    return found;
#endif
}

/* Which of 64 bytes are blanks, a bit for each, the first one lowest. */
static inline uint64_t blanks(const uint8_t *text) {
    uint64_t result = 0;
#ifdef BY_SIXTEEN
    for (int n = 0; n < 4; n++) {
        __m128i part = _mm_loadu_si128((const __m128i *)(const void *)(text + 16 * n));
        uint32_t bits = (uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(part, _mm_set1_epi8(' ')));
        result |= (uint64_t)bits << 16 * n;
    }
#else
    for (int n = 0; n < 8; n++) {
        uint64_t part = load(text + 8 * n) ^ 0x2020202020202020ull;   /* blanks are 0 now: the highest bit of each */
        part = ~(((part & 0x7F7F7F7F7F7F7F7Full) + 0x7F7F7F7F7F7F7F7Full) | part | 0x7F7F7F7F7F7F7F7Full);
        result |= ((part >> 7) * 0x0102040810204080ull >> 56) << 8 * n;
    }
#endif
    return result;
}

static inline int is_digit(uint8_t byte) { return byte >= '0' && byte <= '9'; }

/* Where the first three letters of a word stand in a set of how words begin. */
static inline uint32_t beginning(uint64_t letters) {
    return (uint32_t)(letters & 0xFFFFFF) * 0x9E3779B1u >> 20;
}

/* Cut a folded text, which begins and ends with a blank, into words; -1 where there is no memory. Words that begin
   as `stems` say are marked too, if there are any. */
static int cut_words(const Tables *t, const uint8_t *text, size_t size, const uint8_t *stems, Cut *cut) {
    static const uint8_t none[BEGINNINGS] = {0};
    const uint8_t *begins = stems ? stems : none;
    const uint64_t *filter = (const uint64_t *)t->at[ENTRY_FILTER];
    uint32_t mask = t->size[ENTRY_FILTER] - 1, previous = 0;
    uint64_t before = 1;
    size_t used = 0, done = 0, marks = 0;
    for (size_t base = 0; base < size; base += 64) {
        uint64_t bits;
        if (used + 64 > 2 * cut->capacity && grow(cut, cut->capacity ? 2 * cut->capacity : size / 5 + 64)) return -1;
        if (size - base >= 64) {
            bits = blanks(text + base);
        } else {
            uint8_t part[64];
            memset(part, ' ', 64);
            memcpy(part, text + base, size - base);
            bits = blanks(part);
        }
        uint64_t changes = bits ^ (bits << 1 | before);
        before = bits >> 63;
        uint32_t *edges = cut->edges + used;
        while (changes) {
            *edges++ = (uint32_t)base + lowest(changes);
            changes &= changes - 1;
        }
        used = (size_t)(edges - cut->edges);
        if (used < 2 * done + 512 && size - base > 64) continue;   /* so many that they stay in the nearest cache */
        const uint32_t *edge = cut->edges + 2 * done;
        uint32_t *hashes = cut->hashes, *marked = cut->marked + marks;
        for (; done < used / 2; done++, edge += 2) {
            uint32_t start = edge[0], end = edge[1];
            uint64_t begin;
            uint32_t hash = hash_of(text + start, end - start, size - start, &begin), place = beginning(begin);
            hashes[done] = hash;
            *marked = (uint32_t)done;
            marked += is_in(filter, mask, hash) | is_in(filter, mask, joined(previous, hash))
                | (uint32_t)is_digit(text[end - 1]) | (begins[place >> 3] >> (place & 7) & 1u);
            previous = hash;
        }
        marks = (size_t)(marked - cut->marked);
    }
    cut->count = done;
    cut->marks = marks;
    return 0;
}

typedef struct { uint32_t literal, first, last; } Hit;   /* a literal, with the words that it is */

typedef struct {
    const Tables *t;
    const uint8_t *fold, *plain;
    size_t size;
    const Cut *cut;
    uint64_t *present;            /* contexts of which a cue may stand in the text; NULL: any may */
    int cues;                     /* whether cues are looked for, not triggers */
    int wide;                     /* whether blanks between words are not counted */
    int spaced;                   /* whether there may be long rows of them; -1: not known yet */
    int backward;
    int opens;                    /* whether something was found that needs no other mention beside it */
    int asks;                     /* whether it is all that is asked: forms that lean on others are passed over */
    int failed;                   /* whether there was no memory */
    const uint8_t *ascii;         /* the text that `plain` is to be made of where it is not given: ASCII, */
    const uint32_t *codes;        /* or code points */
    uint8_t *spelt;               /* what was made of it */
    Bytes hits, found, places;    /* places: where patterns may match, of a text that may be quiet */
} Scan;

static inline size_t start_of(const Scan *s, size_t index) { return s->cut->edges[2 * index]; }
static inline size_t end_of(const Scan *s, size_t index) { return s->cut->edges[2 * index + 1]; }

static uint32_t id_at(const Scan *s, size_t index) {
    size_t start = start_of(s, index);
    return word_id(s->t, s->fold + start, end_of(s, index) - start, s->size - start);
}

/* Digits may be joined to a word ("UNSCR2397"): the hash of the word without them, 0 where there are none. */
static uint32_t stem_of(const Scan *s, size_t index) {
    size_t start = start_of(s, index), end = end_of(s, index), stop = end;
    while (stop > start && is_digit(s->fold[stop - 1])) stop--;
    uint64_t begin;
    return stop == end || stop == start ? 0 : hash_of(s->fold + start, stop - start, s->size - start, &begin);
}

static void spell(const Scan *s, size_t start, size_t end, uint8_t *plain);
/* Whether the text is there that `plain` can be made of. */
static inline int has_text(const Scan *s) { return s->ascii || s->codes; }

/* Return the text in ASCII; NULL where capitals and signs are not looked at. */
static const uint8_t *plain_of(Scan *s) {
    if (!s->plain && has_text(s) && !s->failed) {
        s->spelt = malloc(s->size);
        s->failed = !s->spelt;
        if (s->spelt) spell(s, 0, s->size - 2, s->spelt);
        s->plain = s->spelt;
    }
    return s->plain;
}

/* Return some characters of the text in ASCII, of the whole one or written to `room`; NULL as above. What begins within
   a row of ends of lines is not as there. */
static const uint8_t *plain_at(Scan *s, size_t start, size_t end, uint8_t room[ROOM]) {
    if (s->plain || !has_text(s) || end - start > ROOM) {
        const uint8_t *plain = plain_of(s);
        return plain ? plain + start : NULL;
    }
    spell(s, start, end, room);
    return room;
}

/* Tell whether five blanks or more stand in a row. */
static int has_long_row(const uint8_t *plain, size_t size) {
    for (size_t at = 4; at < size; at += 5) {
        if (plain[at] != ' ') continue;
        size_t first = at, last = at;
        while (first > 0 && plain[first - 1] == ' ') first--;
        while (last + 1 < size && plain[last + 1] == ' ') last++;
        if (last - first >= 4) return 1;
    }
    return 0;
}

/* Tell whether more separators stand in a row than part the words of a phrase. */
static int is_spread(const Cut *cut, size_t size) {
    size_t last = 0;
    for (const uint32_t *edge = cut->edges, *stop = edge + 2 * cut->count; edge < stop; edge += 2) {
        if (edge[0] - last > SEPARATORS) return 1;
        last = edge[1];
    }
    return size - last > SEPARATORS;
}

static int is_spaced(Scan *s) {
    if (s->spaced < 0) {   /* a row of blanks is one in the folded text, too */
        s->spaced = is_spread(s->cut, s->size);
        const uint8_t *plain = s->spaced ? plain_of(s) : NULL;
        if (plain) s->spaced = has_long_row(plain, s->size - 2);
    }
    return s->spaced;
}

static int is_upper(uint8_t byte) { return byte >= 'A' && byte <= 'Z'; }

/* Tell whether a word of the text may stand for an element. */
static int is_word(Scan *s, const Element *element, size_t index) {
    if (element->flags & NUMBERED) return 1;   /* left to the matcher */
    uint32_t id = id_at(s, index);
    if (id == NO_WORD) return 0;
    const Slot *slot = look_up(s->t, SET_SLOTS, ((uint64_t)(element->value + 1) << 32) | id);
    if (!slot) return 0;
    if (slot->value == ANY_CASE) return 1;
    size_t start = start_of(s, index) - 1, length = slot->value == CAPITAL ? 1 : slot->other;
    if (start + length > s->size - 2) return 0;   /* one blank stands before the folded text */
    uint8_t room[ROOM];
    const uint8_t *plain = plain_at(s, start, start + length, room);
    if (!plain) return 1;
    if (slot->value == CAPITAL) return is_upper(*plain);
    return !memcmp(plain, s->t->at[EXACT] + (slot->value - SPELT), slot->other);
}

/* Tell whether what stands between two words may stand between two of a phrase without signs. */
static int is_joint(Scan *s, const Element *left, const Element *right, size_t index) {
    if (left->flags & OPEN_RIGHT || right->flags & OPEN_LEFT) return 1;
    uint8_t room[ROOM];
    size_t length = start_of(s, index + 1) - end_of(s, index);
    const uint8_t *start = plain_at(s, end_of(s, index) - 1, start_of(s, index + 1) - 1, room);
    if (!start) return 1;
    const uint8_t *stop = start + length;
    const uint8_t *first = start, *last = stop;
    while (first < last && (*first == ' ' || *first == '"')) first++;
    while (last > first && (last[-1] == ' ' || last[-1] == '"')) last--;
    if (first == last) return 1;
    return last - first == 1 && *first == '-' && !(*start == ' ' && stop[-1] == ' ');
}

static int is_alnum(uint8_t byte) { return is_digit(byte) || is_upper(byte) || (byte >= 'a' && byte <= 'z'); }

/* Tell whether bytes, but for blanks, are some signs and others behind them, a hyphen at their end or none. */
static int are_signs(const uint8_t *at, const uint8_t *stop, const uint8_t *signs, size_t count, const uint8_t *others,
                     size_t more) {
    uint8_t wanted[2 * 255 + 1];
    size_t size = count + more, found = 0;
    memcpy(wanted, signs, count);
    memcpy(wanted + count, others, more);
    wanted[size] = '-';
    for (; at < stop; at++) {
        if (*at == ' ') continue;
        if (found > size || *at != wanted[found]) return 0;
        found++;
    }
    return found >= size;
}

/* Tell whether what stands between two words may stand between two of a phrase; `parts` in `_forms.py`. */
static int is_parted(const Tables *t, const Signs *left, const Signs *right, const uint8_t *start, const uint8_t *stop) {
    const uint8_t *after = t->at[SIGN_BYTES] + left->at + left->separator;
    const uint8_t *separator = t->at[SIGN_BYTES] + right->at;
    const uint8_t *first = start, *last = stop;
    size_t count = left->after, more = right->separator;
    while (first < last && (*first == ' ' || *first == '"')) first++;
    while (last > first && (last[-1] == ' ' || last[-1] == '"')) last--;
    if (!count && !more)
        return first == last || (last - first == 1 && *first == '-' && !(*start == ' ' && stop[-1] == ' '));
    int dotted = count == 1 && *after == '.' && !(left->between & ALONE);   /* which may be left out */
    if (!are_signs(first, last, after, count, separator, more)
        && !(dotted && are_signs(first, last, after, 0, separator, more))) return 0;
    size_t length = (size_t)(last - first);
    if (right->between & GLUED && (length < more || memcmp(last - more, separator, more))) return 0;
    if (!count || left->between & ALONE || *after == '.') return 1;
    return length >= count && !memcmp(first, after, count);
}

/* Tell whether what must stand before a word does; `_before` in `_forms.py`. */
static int is_before(const Scan *s, const Signs *signs, size_t start) {
    const uint8_t *plain = s->plain, *sign = s->t->at[SIGN_BYTES] + signs->at + signs->separator + signs->after;
    size_t length = signs->before;
    if (length) {
        size_t low = signs->beside & LOOSE ? (start > BLANKS ? start - BLANKS : 0) : start, end = start;
        while (end > low && plain[end - 1] == ' ') end--;
        if (end < length || memcmp(plain + end - length, sign, length)) return 0;
        return end == length || !is_alnum(plain[end - length - 1]);
    }
    uint8_t beside = start > 0 ? plain[start - 1] : 0, farther = start > 1 ? plain[start - 2] : 0;
    if (signs->beside & DOTTED && beside == '.' && is_alnum(farther)) return 0;
    if (signs->beside & FIGURE && beside && strchr(signs->beside & IN_BRACKETS ? ".,-/:$~ " : ".,", beside)) {
        if (beside == ' ' ? is_digit(farther) : is_alnum(farther)) return 0;
        return beside != '$' && beside != '~';
    }
    return 1;
}

/* Tell whether what must stand behind a word does; `_behind` in `_forms.py`. */
static int is_behind(const Scan *s, const Signs *signs, size_t end) {
    const uint8_t *plain = s->plain;
    const uint8_t *sign = s->t->at[SIGN_BYTES] + signs->at + signs->separator + signs->after + signs->before;
    size_t length = signs->behind, size = s->size - 2;
    uint32_t flags = signs->beside >> BEHIND;
    if (length) {
        size_t high = flags & LOOSE ? end + BLANKS : end;
        while (end < high && end < size && plain[end] == ' ') end++;
        if (size - end < length || memcmp(plain + end, sign, length)) return 0;
        return size - end == length || !is_alnum(plain[end + length]);
    }
    if (size - end < 2) return 1;
    if (flags & DOTTED && plain[end] == '.' && is_alnum(plain[end + 1])) return 0;
    return !(flags & FIGURE && (plain[end] == '.' || plain[end] == ',') && is_digit(plain[end + 1]));
}

/* Tell whether the signs of a form that is of words only stand between them and beside them. */
static int has_signs(const Scan *s, const FormRecord *form, size_t first) {
    const Signs *signs = (const Signs *)s->t->at[SIGNS] + form->signs - 1;
    for (size_t n = 0; n < form->count; n++) {
        size_t start = start_of(s, first + n) - 1, end = end_of(s, first + n) - 1;
        if (n + 1 < form->count
            && !is_parted(s->t, signs + n, signs + n + 1, s->plain + end, s->plain + start_of(s, first + n + 1) - 1))
            return 0;
        if (!is_before(s, signs + n, start) || !is_behind(s, signs + n, end)) return 0;
    }
    return 1;
}

/* Tell whether a sentence may end within a stretch of text. */
static int may_end(const uint8_t *at, const uint8_t *stop) {
    while (at < stop) {
        if (*at != '.' && *at != '!' && *at != '?') {
            at++;
            continue;
        }
        while (at < stop && *at && strchr(".!?\"')]", *at)) at++;
        if (at < stop && (*at == ' ' || (*at >= 9 && *at <= 13))) return 1;
    }
    return 0;
}

/* Tell whether the words on one side of the anchor may be those of the form: as far as the first slot, and of what
   stands behind a gap whether its first word stands within reach at all. */
static int is_side(Scan *s, const Element *elements, long number, long stop, size_t index, int step) {
    long limit = (long)s->cut->count;
    long at = (long)index + step;
    size_t loose = 0;
    for (number += step; number != stop; number += step) {
        const Element *element = elements + number;
        if (element->kind == IS_SLOT) return 1;
        if (element->kind == IS_GAP) {
            loose += element->value;
            continue;
        }
        if (loose) {
            for (size_t skipped = 0; skipped <= loose; skipped++, at += step) {
                if (at < 0 || at >= limit) return 0;
                if (is_word(s, element, (size_t)at)) return 1;
            }
            return 0;
        }
        if (at < 0 || at >= limit || !is_word(s, element, (size_t)at)) return 0;
        const Element *before = step > 0 ? element - 1 : element, *behind = step > 0 ? element : element + 1;
        if (before->kind == IS_WORD && behind->kind == IS_WORD
            && !is_joint(s, before, behind, (size_t)(step > 0 ? at - 1 : at))) return 0;
        at += step;
    }
    return 1;
}

static int is_present(const Scan *s, uint32_t mask) {
    if (!s->present) return 1;
    const uint64_t *bits = (const uint64_t *)s->t->at[MASKS] + (size_t)mask * s->t->width;
    for (uint32_t n = 0; n < s->t->width; n++)
        if (bits[n] & s->present[n]) return 1;
    return 0;
}

static int has_contexts(const Scan *s, const FormRecord *form) {
    const uint32_t *offsets = (const uint32_t *)s->t->at[GATE_OFFSETS];
    for (uint32_t n = offsets[form->owner]; n < offsets[form->owner + 1]; n++)
        if (!is_present(s, ((const uint32_t *)s->t->at[GATES])[n])) return 0;
    return 1;
}

static int has_slots(const Scan *s, const FormRecord *form) {
    const Element *element = (const Element *)s->t->at[ELEMENTS] + form->first;
    for (uint32_t n = 0; n < form->count; n++)
        if (element[n].kind == IS_SLOT && !is_present(s, element[n].value)) return 0;
    return 1;
}

/* Tell whether what a pattern cannot do without stands within reach: a digit, one of some runs of letters. */
static int has_musts(Scan *s, const FormRecord *form, size_t start) {
    const uint32_t *offsets = (const uint32_t *)s->t->at[MUST_OFFSETS];
    uint32_t n = offsets[form->owner], last = offsets[form->owner + 1];
    size_t digit = ((const uint32_t *)s->t->at[DIGITS])[form->owner];
    if (digit) {
        size_t at = start, end = start + digit < s->size ? start + digit : s->size;
        while (at < end && !is_digit(s->fold[at])) at++;
        if (at == end && !is_spaced(s)) return 0;   /* blanks in long rows count for fewer */
    }
    if (n == last) return 1;
    size_t stop = start + PATTERN_REACH < s->size ? start + PATTERN_REACH : s->size;
    for (; n < last; n++) {
        const uint32_t *run = (const uint32_t *)s->t->at[MUSTS] + 2 * n;
        const uint8_t *wanted = s->t->at[MUST_BYTES] + run[0], *at = s->fold + start;
        while ((size_t)(s->fold + stop - at) >= run[1]) {
            at = memchr(at, wanted[0], (size_t)(s->fold + stop - at) - run[1] + 1);
            if (!at) break;
            if (!memcmp(at, wanted, run[1])) return 1;
            at++;
        }
    }
    return 0;
}

/* Tell whether a match of a rule's pattern may begin with the two characters at a place. */
static int may_begin(const Scan *s, uint32_t owner, size_t start) {
    const uint32_t *offsets = (const uint32_t *)s->t->at[START_OFFSETS], *starts = (const uint32_t *)s->t->at[STARTS];
    if (offsets[owner] == offsets[owner + 1] || start + 2 >= s->size) return 1;
    uint32_t first = s->plain[start], second = start + 3 < s->size ? s->plain[start + 1] : 0;
    if (is_upper((uint8_t)first)) first += 'a' - 'A';
    if (is_upper((uint8_t)second)) second += 'a' - 'A';
    for (uint32_t n = offsets[owner]; n < offsets[owner + 1]; n++)
        if ((starts[n] & 0xFF) == first && (starts[n] >> 8 == 0 || starts[n] >> 8 == second)) return 1;
    return 0;
}

/* Tell whether it is plain at which word a form begins: not behind a gap or a slot. */
static int is_begin_plain(const Element *elements, uint32_t anchor, size_t index) {
    for (uint32_t n = 0; n < anchor; n++)
        if (elements[n].kind != IS_WORD) return 0;
    return index >= anchor;
}

static int try_forms(Scan *s, const uint32_t *list, uint32_t literal, size_t first, uint32_t start, uint32_t end,
                     uint32_t words) {
    if (!list) return 0;
    for (uint32_t n = 0; n < list[0]; n++) {
        uint32_t number = list[1 + 2 * n], anchor = list[2 + 2 * n];
        const FormRecord *form = (const FormRecord *)s->t->at[s->cues ? CUE_FORMS : TRIGGER_FORMS] + number;
        const Element *elements = (const Element *)s->t->at[ELEMENTS] + form->first;
        if (s->asks && form->flags & LEANS) continue;
        if (!is_word(s, elements + anchor, first)) continue;
        if (!is_side(s, elements, (long)anchor, (long)form->count, first, 1)) continue;
        if (!is_side(s, elements, (long)anchor, -1, first, -1)) continue;
        uint32_t only_stops = 0, whole = form->flags & WHOLE && s->plain;
        if (whole && form->signs && !has_signs(s, form, first - anchor)) continue;
        if (!s->cues) {
            if (!has_slots(s, form)) continue;
            if (!has_contexts(s, form)) {
                if (!(form->flags & STOPS)) continue;
                only_stops = 1u << 31;
            }
            int known = is_begin_plain(elements, anchor, first);
            size_t begin = start_of(s, known ? first - anchor : first);
            if (form->flags & ANCHORS && s->plain && known && !may_begin(s, form->owner, begin - 1)) continue;
            if (form->flags & ANCHORS && !has_musts(s, form, begin)) continue;
        }
        if (s->asks) {
            if (only_stops) continue;
            if (!has_text(s) || !(form->flags & ANCHORS) || !is_begin_plain(elements, anchor, first)) {
                s->opens = 1;
                return 0;
            }
            uint32_t place[2] = {form->owner, (uint32_t)start_of(s, first - anchor) - 1};
            if (add(&s->places, place, sizeof place)) return -1;
            continue;
        }
        if (!(form->flags & LEANS) && !only_stops) s->opens = 1;
        Survivor survivor = {start, end, literal, number, anchor | only_stops, form->owner, 0, 0};
        if (whole) {
            survivor.low = (uint32_t)start_of(s, first - anchor) - 1;
            survivor.high = (uint32_t)end_of(s, first - anchor + form->count - 1) - 1;
            if (form->count == words || !may_end(s->plain + survivor.low, s->plain + survivor.high))
                survivor.owner |= 1u << 31;
        }
        if (add(&s->found, &survivor, sizeof survivor)) return -1;
    }
    return 0;
}

#define HASHED(first, second) (((uint64_t)(first) << 32) | (second))
#define KEY(literal, kind, word) (((uint64_t)((literal) + 1) << 34) | ((uint64_t)(kind) << 32) | (word))

/* Return what a literal and a word beside it lead to, of the kind of place where the word stands. */
static inline const uint32_t *beside(const Scan *s, uint32_t literal, uint32_t kind, size_t index) {
    int filter = s->cues ? CUE_FILTER : TRIGGER_FILTER;
    uint32_t hash = joined((literal + 1) << 2 | kind, s->cut->hashes[index]);
    if (!is_in((const uint64_t *)s->t->at[filter], s->t->size[filter] - 1, hash)) return NULL;
    uint32_t id = id_at(s, index);
    const Slot *slot = id == NO_WORD ? NULL : look_up(s->t, s->cues ? CUE_INDEX : TRIGGER_INDEX, KEY(literal, kind, id));
    return slot ? (const uint32_t *)s->t->at[REFERENCES] + slot->value : NULL;
}

/* Tell whether a word has not stood before from a place on: what it leads to need not be tried again. */
static int is_first(const Scan *s, size_t low, size_t index) {
    size_t start = start_of(s, index), length = end_of(s, index) - start;
    for (; low < index; low++)
        if (s->cut->hashes[low] == s->cut->hashes[index] && end_of(s, low) - start_of(s, low) == length
            && !memcmp(s->fold + start_of(s, low), s->fold + start, length)) return 0;
    return 1;
}

/* A literal was hit: see what forms may stand there. */
static int at_literal(Scan *s, Hit hit) {
    const Literal *about = (const Literal *)s->t->at[s->cues ? CUE_LITERALS : TRIGGER_LITERALS] + hit.literal;
    uint32_t start = (uint32_t)start_of(s, hit.first) - 1, end = (uint32_t)end_of(s, hit.last) + 1,
             words = hit.last - hit.first + 1;
    size_t first = hit.first, last = hit.last, count = s->cut->count;
    if (about->kinds & BACKWARD) s->backward = 1;
    if (s->asks && about->kinds & LEANING) return 0;
    if (about->kinds & FREE) {
        const uint32_t *list = (const uint32_t *)s->t->at[REFERENCES] + about->free;
        if (try_forms(s, list, hit.literal, first, start, end, words)) return -1;
    }
    if (about->kinds & NEXT && last + 1 < count
        && try_forms(s, beside(s, hit.literal, 1, last + 1), hit.literal, first, start, end, words)) return -1;
    if (about->kinds & PREVIOUS && first > 0
        && try_forms(s, beside(s, hit.literal, 2, first - 1), hit.literal, first, start, end, words)) return -1;
    if (about->kinds & ANYWHERE) {
        size_t low = first > about->reach ? first - about->reach : 0;
        size_t high = about->reach < count - last ? last + about->reach + 1 : count;
        for (size_t n = low; n < high; n++) {
            const uint32_t *list = beside(s, hit.literal, 3, n);
            if (list && is_first(s, low, n) && try_forms(s, list, hit.literal, first, start, end, words)) return -1;
        }
    }
    return 0;
}

static void note_contexts(Scan *s, uint32_t literal) {
    const uint32_t *offsets = (const uint32_t *)s->t->at[OWNER_OFFSETS];
    for (uint32_t n = offsets[literal]; n < offsets[literal + 1]; n++) {
        uint32_t context = ((const uint32_t *)s->t->at[OWNERS])[n];
        s->present[context >> 6] |= 1ull << (context & 63);
    }
}

/* Look an entry up by the hashes of its words: literals go to `hits`, cues to `present`. What has the same hashes is
   taken for it, too; its forms are held against the words. */
static int look_at(Scan *s, uint64_t key, size_t first, size_t last) {
    const Slot *slots = (const Slot *)s->t->at[ENTRY_SLOTS];
    uint32_t mask = s->t->size[ENTRY_SLOTS] - 1;
    for (uint32_t at = (uint32_t)mixed(key) & mask; slots[at].key; at = (at + 1) & mask) {
        if (slots[at].key != key) continue;
        uint32_t trigger = slots[at].value, cue = slots[at].other, literal = s->cues ? cue : trigger;
        if (cue && s->present) note_contexts(s, cue - 1);
        if (!literal) continue;
        Hit hit = {literal - 1, (uint32_t)first, (uint32_t)last};
        if (add(&s->hits, &hit, sizeof hit)) return -1;
    }
    return 0;
}

/* Look up the words that are marked, and each with the one before it. */
static int look_at_marked(Scan *s) {
    const uint64_t *filter = (const uint64_t *)s->t->at[ENTRY_FILTER];
    uint32_t mask = s->t->size[ENTRY_FILTER] - 1;
    for (size_t mark = 0; mark < s->cut->marks; mark++) {
        size_t n = s->cut->marked[mark];
        uint32_t hash = s->cut->hashes[n], before = n ? s->cut->hashes[n - 1] : 0;
        if (is_digit(s->fold[end_of(s, n) - 1])) {   /* a word and digits joined to it are a pair of their own */
            uint32_t stem = stem_of(s, n);
            if (stem && look_at(s, HASHED(stem, NO_WORD), n, n)) return -1;
        }
        if (n && is_in(filter, mask, joined(before, hash))
            && (s->wide || start_of(s, n) - end_of(s, n - 1) <= SEPARATORS)
            && look_at(s, HASHED(before, hash), n - 1, n)) return -1;
        if (is_in(filter, mask, hash) && look_at(s, HASHED(1, hash), n, n)) return -1;
    }
    return 0;
}

static int try_hits(Scan *s) {
    const Hit *hits = (const Hit *)s->hits.data;
    int failed = 0;
    for (size_t n = 0; !failed && !(s->asks && s->opens) && n < s->hits.used / sizeof(Hit); n++)
        failed = at_literal(s, hits[n]);
    return failed || s->failed;
}

/* Look for literals, and for the forms that may stand at them. */
static int walk(Scan *s) { return look_at_marked(s) || try_hits(s); }

/* -- the words of one text --------------------------------------------------------------------------------------- */

typedef struct {
    PyObject_HEAD
    PyObject *tables;
    Py_buffer fold;
    int held;
    Cut cut;
} Words;

static void words_free(PyObject *self) {
    Words *w = (Words *)self;
    PyTypeObject *type = Py_TYPE(self);
    free_cut(&w->cut);
    if (w->held) PyBuffer_Release(&w->fold);
    Py_XDECREF(w->tables);
    freefunc release = (freefunc)PyType_GetSlot(type, Py_tp_free);
    release(self);
    Py_DECREF(type);
}

/* Cut a folded text into words that are looked up in these tables. */
static PyObject *tables_words(PyObject *self, PyObject *text) {
    PyTypeObject **type = PyType_GetModuleState(Py_TYPE(self));
    if (!type) return NULL;
    allocfunc allocate = (allocfunc)PyType_GetSlot(*type, Py_tp_alloc);
    Words *w = (Words *)allocate(*type, 0);
    if (!w) return NULL;
    if (PyObject_GetBuffer(text, &w->fold, PyBUF_SIMPLE)) {
        Py_DECREF(w);
        return NULL;
    }
    w->held = 1;
    w->tables = Py_NewRef(self);
    const uint8_t *fold = w->fold.buf;
    size_t size = (size_t)w->fold.len;
    if (!w->fold.readonly || size < 2 || size > MOST_BYTES || fold[0] != ' ' || fold[size - 1] != ' ') {
        Py_DECREF(w);
        PyErr_SetString(PyExc_ValueError, "a folded text begins and ends with a blank, and has at most 2^30 bytes");
        return NULL;
    }
    int failed;
    Py_BEGIN_ALLOW_THREADS
    failed = cut_words((Tables *)self, fold, size, NULL, &w->cut);
    Py_END_ALLOW_THREADS
    if (failed) {
        Py_DECREF(w);
        return PyErr_NoMemory();
    }
    return (PyObject *)w;
}

/* Return what may be a phrase: (start, end, literal, form, element, owner) of each, and whether a back-reference is there. */
static PyObject *run(PyObject *self, PyObject *args, int cues) {
    Words *w = (Words *)self;
    const Tables *t = (const Tables *)w->tables;
    Py_buffer plain = {0};
    PyObject *plain_object, *result = NULL;
    int wide, any;
    if (!PyArg_ParseTuple(args, "Opp:run", &plain_object, &wide, &any)) return NULL;
    Scan s = {0};
    s.t = t;
    s.fold = w->fold.buf;
    s.size = (size_t)w->fold.len;
    s.cut = &w->cut;
    s.cues = cues;
    s.wide = s.spaced = wide;
    if (plain_object != Py_None) {
        if (PyObject_GetBuffer(plain_object, &plain, PyBUF_SIMPLE)) return NULL;
        s.plain = plain.buf;
        if (plain.len + 2 != w->fold.len) {
            PyBuffer_Release(&plain);
            return PyErr_Format(PyExc_ValueError, "words of another text");
        }
    }
    int failed = 0;
    if (!any && !cues) {
        s.present = calloc(t->width, 8);
        failed = !s.present;
    }
    Py_BEGIN_ALLOW_THREADS
    s.asks = !any && !cues;
    if (!failed) failed = walk(&s);
    if (!failed && s.asks && s.opens) {
        s.asks = s.backward = 0;
        failed = try_hits(&s);
    }
    Py_END_ALLOW_THREADS
    if (failed) PyErr_NoMemory();
    else result = Py_BuildValue("y#i", s.found.data ? (const char *)s.found.data : "", (Py_ssize_t)s.found.used,
                                s.backward);
    free(s.present);
    free(s.hits.data);
    free(s.found.data);
    if (plain.obj) PyBuffer_Release(&plain);
    return result;
}

static PyObject *words_triggers(PyObject *self, PyObject *args) { return run(self, args, 0); }
static PyObject *words_cues(PyObject *self, PyObject *args) { return run(self, args, 1); }

static PyObject *words_spread(PyObject *self, PyObject *unused) {
    Words *w = (Words *)self;
    (void)unused;
    return PyBool_FromLong(is_spread(&w->cut, (size_t)w->fold.len));
}

/* -- the cues of a text that is laid out ------------------------------------------------------------------------- */

/* Return behind the last of some rising numbers that is no more than another, or with `below` less than it. */
static size_t behind(const uint32_t *numbers, size_t count, uint32_t wanted, int below) {
    size_t low = 0, high = count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (numbers[middle] < wanted || (!below && numbers[middle] == wanted)) low = middle + 1;
        else high = middle;
    }
    return low;
}

/* Tell whether a buffer is of whole numbers. */
static int is_numbers(const Py_buffer *buffer) {
    return !buffer->len || (buffer->len % 4 == 0 && (uintptr_t)buffer->buf % 4 == 0);
}

/* Part rows of cues that stand in live blocks: start, end and context of those that stand for certain, and of the others
   the row as far as the element that was hit, with the block. */
static PyObject *cues_placed(PyObject *self, PyObject *args) {
    Py_buffer rows, starts, ends, live;
    Bytes certain = {0}, others = {0};
    PyObject *result = NULL;
    (void)self;
    if (!PyArg_ParseTuple(args, "y*y*y*y*:placed", &rows, &starts, &ends, &live)) return NULL;
    size_t count = (size_t)live.len;
    int sound = is_numbers(&rows) && is_numbers(&starts) && is_numbers(&ends);
    int failed = !sound || (size_t)starts.len / 4 != count || (size_t)ends.len / 4 != count ? 2 : 0;
    Py_BEGIN_ALLOW_THREADS
    for (size_t n = 0; !failed && n < (size_t)rows.len / sizeof(Survivor); n++) {
        const Survivor *row = (const Survivor *)rows.buf + n;
        size_t block = behind(starts.buf, count, row->start, 0);
        if (!block--) continue;
        uint32_t first = ((const uint32_t *)starts.buf)[block], last = ((const uint32_t *)ends.buf)[block];
        if (row->start >= last || !((const uint8_t *)live.buf)[block]) continue;
        int exact = row->low == row->start && row->high == row->end - 2;
        if (row->owner >> 31 && (exact || (row->low >= first && row->high <= last))) {
            Cue cue = {row->low, row->high, row->owner & ~(1u << 31)};
            failed = add(&certain, &cue, sizeof cue) != 0;
        } else {
            uint32_t other[6] = {row->start, row->end, row->literal, row->form, row->anchor, (uint32_t)block};
            failed = add(&others, other, sizeof other) != 0;
        }
    }
    Py_END_ALLOW_THREADS
    if (failed == 2) PyErr_SetString(PyExc_ValueError, "as many starts and ends of blocks as marks");
    else if (failed) PyErr_NoMemory();
    else result = Py_BuildValue("y#y#", certain.data ? (const char *)certain.data : "", (Py_ssize_t)certain.used,
                                others.data ? (const char *)others.data : "", (Py_ssize_t)others.used);
    free(certain.data);
    free(others.data);
    PyBuffer_Release(&rows);
    PyBuffer_Release(&starts);
    PyBuffer_Release(&ends);
    PyBuffer_Release(&live);
    return result;
}

/* Whether one cue goes before another: by group, start, end (the last first) and context. */
static int goes_before(const Cue *one, const Cue *other, const uint32_t *groups) {
    if (groups[one->context] != groups[other->context]) return groups[one->context] < groups[other->context];
    if (one->start != other->start) return one->start < other->start;
    return one->end != other->end ? one->end > other->end : one->context < other->context;
}

/* Sort cues, by merging stretches that are sorted already; where they end up: in `cues`, or in `room`. */
static Cue *sorted(Cue *cues, Cue *room, size_t count, const uint32_t *groups) {
    for (size_t width = 1; width < count; width *= 2) {
        for (size_t low = 0; low < count; low += 2 * width) {
            size_t middle = count - low > width ? low + width : count;
            size_t high = count - low > 2 * width ? low + 2 * width : count;
            size_t left = low, right = middle;
            for (size_t n = low; n < high; n++) {
                int second = left == middle || (right < high && goes_before(cues + right, cues + left, groups));
                room[n] = cues[second ? right++ : left++];
            }
        }
        Cue *other = cues;
        cues = room;
        room = other;
    }
    return cues;
}

/* Return the cues that stand, of each group the longest where they overlap, in order of groups and starts: starts, ends
   and contexts, and where each group begins, and the end. None touches a protected span. */
static PyObject *cues_settled(PyObject *self, PyObject *args) {
    Py_buffer found, groups, starts, ends;
    PyObject *result = NULL;
    (void)self;
    if (!PyArg_ParseTuple(args, "y*y*y*y*:settled", &found, &groups, &starts, &ends)) return NULL;
    const uint32_t *group = groups.buf;
    size_t count = (size_t)found.len / sizeof(Cue), contexts = (size_t)groups.len / 4, spans = (size_t)starts.len / 4;
    size_t most = 0, kept = 0;
    int sound = is_numbers(&found) && is_numbers(&groups) && is_numbers(&starts) && is_numbers(&ends)
        && (size_t)ends.len / 4 == spans;
    for (size_t n = 0; n < contexts; n++) {
        if (group[n] >= contexts) sound = 0;
        else if (group[n] >= most) most = (size_t)group[n] + 1;
    }
    Cue *room = malloc(2 * count * sizeof(Cue) + sizeof(Cue));
    uint32_t *numbers = malloc(4 * (3 * count + most + 1));
    if (room && numbers && sound) {
        uint32_t *offsets = numbers + 3 * count, *protect = starts.buf, *until = ends.buf;
        memcpy(room, found.buf, count * sizeof(Cue));
        for (size_t n = 0; n < count; n++)
            if (room[n].context >= contexts) sound = 0;
        Py_BEGIN_ALLOW_THREADS
        const Cue *cues = sound ? sorted(room, room + count, count, group) : NULL, *before = NULL;
        size_t next = 0;
        for (size_t n = 0; sound && n < count; n++) {
            const Cue *cue = cues + n;
            while (next <= group[cue->context]) {
                offsets[next++] = (uint32_t)kept;
                before = NULL;
            }
            if (before && cue->end <= before->end
                && (cue->start != before->start || cue->end != before->end || cue->context == before->context)) continue;
            size_t index = behind(until, spans, cue->start, 0);
            if (index < spans && protect[index] < cue->end) continue;
            numbers[kept] = cue->start;
            numbers[count + kept] = cue->end;
            numbers[2 * count + kept++] = cue->context;
            before = cue;
        }
        while (next <= most) offsets[next++] = (uint32_t)kept;
        Py_END_ALLOW_THREADS
        if (sound)
            result = Py_BuildValue("y#y#y#y#", (const char *)numbers, (Py_ssize_t)(4 * kept),
                                   (const char *)(numbers + count), (Py_ssize_t)(4 * kept),
                                   (const char *)(numbers + 2 * count), (Py_ssize_t)(4 * kept),
                                   (const char *)offsets, (Py_ssize_t)(4 * (most + 1)));
    }
    if (!sound) PyErr_SetString(PyExc_ValueError, "a group of each context, as many starts as ends of spans");
    else if (!room || !numbers) PyErr_NoMemory();
    free(room);
    free(numbers);
    PyBuffer_Release(&found);
    PyBuffer_Release(&groups);
    PyBuffer_Release(&starts);
    PyBuffer_Release(&ends);
    return result;
}

/* -- texts of which nothing can come ----------------------------------------------------------------------------- */

typedef struct { uint8_t first[16], second[16]; uint32_t first_length, second_length; } Stems;

/* Take what has no width out of code points from a place on; return how many are left in all. */
static size_t without_width(const Tables *t, uint32_t *codes, size_t at, size_t length) {
    const uint8_t *table = t->at[FOLDS];
    size_t left = at;
    for (; at < length; at++)
        if (codes[at] >= t->size[FOLDS] || table[codes[at]] != NO_WIDTH) codes[left++] = codes[at];
    return left;
}

/* Fold a text, of ASCII or of code points, as `folding.Folded` does; 0 where that takes more than a table. What has no
   width is taken out of the code points. */
static int fold_text(const Tables *t, const uint8_t *ascii, uint32_t *codes, size_t *size, uint8_t *fold) {
    size_t length = *size;
    const uint8_t *table = t->at[FOLDS];
    uint32_t most = t->size[FOLDS];
    *fold++ = ' ';
    for (size_t at = 0; at < length;) {
        size_t stop = at + 16;
#ifdef BY_SIXTEEN
        if (t->usual && stop <= length) {
            const __m128i *from = (const __m128i *)(const void *)(ascii ? (const void *)(ascii + at) : codes + at);
            __m128i part = _mm_loadu_si128(from), folded;
            if (!ascii) {
                __m128i second = _mm_loadu_si128(from + 1), third = _mm_loadu_si128(from + 2),
                        fourth = _mm_loadu_si128(from + 3);
                part = _mm_packs_epi32(part, second);   /* what is beyond ASCII stays so */
                part = _mm_packus_epi16(part, _mm_packs_epi32(third, fourth));
            }
            if (!_mm_movemask_epi8(part)) {
                if (fold_sixteen(part, &folded)) return 0;
                _mm_storeu_si128((__m128i *)(void *)(fold + at), folded);
                at = stop;
                continue;
            }
        }
#endif
        for (; at < length && at < stop; at++) {
            uint32_t code = ascii ? ascii[at] : codes[at];
            if (code < most && table[code] == NO_WIDTH && codes) {
                length = without_width(t, codes, at, length);
                if (at == length) break;
                code = codes[at];
            }
            if (code >= most || table[code] == 1 || table[code] == NO_WIDTH) return 0;
            fold[at] = table[code];
        }
    }
    fold[length] = ' ';
    *size = length;
    return 1;
}

/* Spell a part of a text that `fold_text` has folded in ASCII, as `folding.Folded` does. */
static void spell(const Scan *s, size_t start, size_t end, uint8_t *plain) {
    const uint8_t *spelt = s->t->at[PLAINS];
    uint32_t most = s->t->size[PLAINS];
    for (size_t at = start; at < end; at++) {
        uint32_t code = s->ascii ? s->ascii[at] : s->codes[at];
        if (code != '\n') {
            *plain++ = code < most ? spelt[code] : ' ';
        } else if (at + 1 < end && (s->ascii ? s->ascii[at + 1] : s->codes[at + 1]) == '\n') {
            *plain++ = '\n';   /* a blank line stays a wall */
            *plain++ = '\n';
            at++;
        } else {
            *plain++ = ' ';
        }
    }
}

static int begins_with(const Scan *s, size_t index, const uint8_t *stem, uint32_t length) {
    size_t start = start_of(s, index);
    return end_of(s, index) - start >= length && !memcmp(s->fold + start, stem, length);
}

/* Tell whether a word begins with one of some stems, or two words in a row with two of them. */
static int talks_at(const Scan *s, size_t index, const Stems *stems, size_t most) {
    for (const Stems *one = stems; one < stems + most; one++) {
        if (!begins_with(s, index, one->first, one->first_length)) continue;
        if (!one->second_length) return 1;
        if (index + 1 < s->cut->count && begins_with(s, index + 1, one->second, one->second_length)) return 1;
    }
    return 0;
}

/* Add to the set of how words begin; see `beginning`. */
static void note_beginnings(const Stems *stems, size_t most, uint8_t *set) {
    for (const Stems *one = stems; one < stems + most; one++) {
        uint64_t letters = one->first[0] | (uint32_t)one->first[1] << 8;
        uint32_t third = one->first_length > 2 ? one->first[2] : 0, last = one->first_length > 2 ? third : 255;
        for (; third <= last; third++) {
            uint32_t place = beginning(letters | (uint64_t)third << 16);
            set[place >> 3] |= (uint8_t)(1 << (place & 7));
        }
    }
}

/* Whether a word of the text, of those marked or of all, begins as stems say; where each does goes to `found`, if there
   is one. */
static int talks(const Scan *s, const Stems *stems, size_t most, const uint8_t *set, int marked, Bytes *found) {
    size_t count = marked ? s->cut->marks : s->cut->count;
    for (size_t n = 0; n < count; n++) {
        size_t index = marked ? s->cut->marked[n] : n, start = start_of(s, index);
        const uint8_t *word = s->fold + start;
        uint64_t letters = word[0] | (uint32_t)word[1] << 8;   /* a blank at least stands behind each word */
        if (end_of(s, index) - start >= 3) letters |= (uint64_t)word[2] << 16;
        uint32_t place = beginning(letters);
        if (!(set[place >> 3] >> (place & 7) & 1) || !talks_at(s, index, stems, most)) continue;
        if (!found) return 1;
        uint32_t at = (uint32_t)start - 1;
        if (add(found, &at, sizeof at)) return -1;
    }
    return found && found->used;
}

static int is_stems(const Py_buffer *stems) {
    if (stems->len % (Py_ssize_t)sizeof(Stems) || (uintptr_t)stems->buf % 4) return 0;
    for (Py_ssize_t n = 0; n < stems->len / (Py_ssize_t)sizeof(Stems); n++) {
        const Stems *one = (const Stems *)stems->buf + n;
        if (one->first_length < 2 || one->first_length > 16 || one->second_length > 16) return 0;
    }
    return 1;
}

/* Tell that nothing can come of a text: no form that needs no other mention may stand there, and no word begins with
   one of the stems. False where that is not plain, or where words begin as the stems do without which it must be; None
   where unusual characters stand in the text, or letters of other scripts where asked. The text may be part of another,
   which has any contexts. Where it hangs on patterns, or on what stands around words that
   begin with the other stems: the text in ASCII, rule and place of each pattern, and where such words stand in it. */
static PyObject *tables_quiet(PyObject *self, PyObject *args) {
    Tables *t = (Tables *)self;
    PyObject *object, *result = NULL;
    Py_buffer stems, without;
    int scripts, is_ascii, part = 0, quiet = 0, read = 0, failed = 0;
    if (!PyArg_ParseTuple(args, "Uy*y*pp|p:quiet", &object, &stems, &without, &scripts, &is_ascii, &part)) return NULL;
    Py_ssize_t size = PyUnicode_GetLength(object), bytes;
    int sound = is_stems(&stems) && is_stems(&without);
    if (!sound || size < 0 || size > (Py_ssize_t)MOST_BYTES / 4) {
        PyBuffer_Release(&stems);
        PyBuffer_Release(&without);
        if (!sound) return PyErr_Format(PyExc_ValueError, "stems of up to sixteen bytes, in pairs");
        Py_RETURN_FALSE;
    }
    size_t length = (size_t)size, most = (size_t)stems.len / sizeof(Stems), banned = (size_t)without.len / sizeof(Stems);
    uint8_t beginnings[BEGINNINGS], *fold = malloc(length + 2);
    uint32_t *codes = NULL;
    Cut cut = {0};
    Scan s = {0};
    Bytes talk = {0};
    if (!part) s.present = calloc(t->width, 8);
    failed = !fold || !(s.present || part);
    if (is_ascii && !failed) {
        s.ascii = (const uint8_t *)PyUnicode_AsUTF8AndSize(object, &bytes);
        if (!s.ascii || bytes != size) {   /* it is none */
            PyErr_Clear();
            s.ascii = NULL;
        }
    }
    if (!s.ascii && !failed) {
        s.codes = codes = malloc(4 * length + 4);
        failed = !codes || !PyUnicode_AsUCS4(object, codes, size + 1, 1);
    }
    if (PyErr_Occurred()) PyErr_Clear();
    Py_BEGIN_ALLOW_THREADS
    read = !failed && fold_text(t, s.ascii, codes, &length, fold) && !(scripts && memchr(fold, 0xFF, length + 2));
    if (read) {
        memset(beginnings, 0, BEGINNINGS);
        note_beginnings(stems.buf, most, beginnings);
        note_beginnings(without.buf, banned, beginnings);
        failed = cut_words(t, fold, length + 2, beginnings, &cut);
        s.t = t;
        s.fold = fold;
        s.size = length + 2;
        s.cut = &cut;
        s.wide = 1;
        s.spaced = -1;
        s.asks = 1;
        if (!failed && !talks(&s, without.buf, banned, beginnings, 1, NULL)) {
            failed = walk(&s);
            quiet = !failed && !s.opens;
        }
        if (quiet) failed = talks(&s, stems.buf, most, beginnings, 1, &talk) < 0;
        if (quiet && !failed && (s.places.used || talk.used)) failed = !plain_of(&s);
    }
    Py_END_ALLOW_THREADS
    if (failed) PyErr_NoMemory();
    else if (!read) result = Py_NewRef(Py_None);
    else if (!quiet || !(s.places.used || talk.used)) result = PyBool_FromLong(quiet);
    else result = Py_BuildValue("y#y#y#", (const char *)s.spelt, (Py_ssize_t)length,
                                s.places.data ? (const char *)s.places.data : "", (Py_ssize_t)s.places.used,
                                talk.data ? (const char *)talk.data : "", (Py_ssize_t)talk.used);
    free(fold);
    free(codes);
    free_cut(&cut);
    free(s.present);
    free(s.spelt);
    free(s.hits.data);
    free(s.places.data);
    free(talk.data);
    PyBuffer_Release(&stems);
    PyBuffer_Release(&without);
    return result;
}

/* Return where words that begin with stems stand in a text. */
static PyObject *words_talks(PyObject *self, PyObject *args) {
    Words *w = (Words *)self;
    Py_buffer stems;
    PyObject *result = NULL;
    if (!PyArg_ParseTuple(args, "y*:talks", &stems)) return NULL;
    Scan s = {0};
    s.t = (const Tables *)w->tables;
    s.fold = w->fold.buf;
    s.size = (size_t)w->fold.len;
    s.cut = &w->cut;
    if (!is_stems(&stems)) {
        PyErr_SetString(PyExc_ValueError, "stems of up to sixteen bytes, in pairs");
    } else {
        uint8_t beginnings[BEGINNINGS] = {0};
        size_t most = (size_t)stems.len / sizeof(Stems);
        note_beginnings(stems.buf, most, beginnings);
        Bytes found = {0};
        if (talks(&s, stems.buf, most, beginnings, 0, &found) < 0) PyErr_NoMemory();
        else result = PyBytes_FromStringAndSize(found.data ? (const char *)found.data : "", (Py_ssize_t)found.used);
        free(found.data);
    }
    PyBuffer_Release(&stems);
    return result;
}

/* -- making tables ---------------------------------------------------------------------------------------------- */

static uint32_t size_for(size_t count) {
    uint32_t size = 8;
    while (size < count + count / 3 + 1) size *= 2;
    return size;
}

/* Return a map from 64-bit keys to two 32-bit values each; keys are not 0 and differ. */
static PyObject *make_map(PyObject *self, PyObject *args) {
    Py_buffer keys, values, others;
    (void)self;
    if (!PyArg_ParseTuple(args, "y*y*y*:map", &keys, &values, &others)) return NULL;
    size_t count = (size_t)keys.len / 8;
    PyObject *result = NULL;
    if (count > (1u << 28) || (size_t)values.len / 4 != count || (size_t)others.len / 4 != count) {
        PyErr_SetString(PyExc_ValueError, "as many values as keys");
    } else {
        uint32_t size = size_for(count);
        Slot *slots = calloc(size, sizeof(Slot));
        int failed = !slots;
        for (size_t n = 0; !failed && n < count; n++) {
            uint64_t key;
            memcpy(&key, (const uint8_t *)keys.buf + 8 * n, 8);
            uint32_t at = (uint32_t)mixed(key) & (size - 1);
            while (slots[at].key && slots[at].key != key) at = (at + 1) & (size - 1);
            if (!key || slots[at].key) failed = 2;
            slots[at].key = key;
            memcpy(&slots[at].value, (const uint8_t *)values.buf + 4 * n, 4);
            memcpy(&slots[at].other, (const uint8_t *)others.buf + 4 * n, 4);
        }
        if (failed == 1) PyErr_NoMemory();
        else if (failed) PyErr_SetString(PyExc_ValueError, "keys are not 0 and differ");
        else result = PyBytes_FromStringAndSize((const char *)slots, (Py_ssize_t)(size * sizeof(Slot)));
        free(slots);
    }
    PyBuffer_Release(&keys);
    PyBuffer_Release(&values);
    PyBuffer_Release(&others);
    return result;
}

/* Return the hash of each word; words are parted by offsets. */
static PyObject *make_hashes(PyObject *self, PyObject *args) {
    Py_buffer words, offsets;
    (void)self;
    if (!PyArg_ParseTuple(args, "y*y*:hashes", &words, &offsets)) return NULL;
    size_t count = (size_t)offsets.len / 4;
    Bytes made = {0};
    int failed = !count;
    for (size_t n = 0; !failed && n + 1 < count; n++) {
        uint32_t start, end;
        memcpy(&start, (const uint8_t *)offsets.buf + 4 * n, 4);
        memcpy(&end, (const uint8_t *)offsets.buf + 4 * n + 4, 4);
        failed = start >= end || end > (size_t)words.len;
        uint64_t begin;
        uint32_t hash = failed ? 0 : hash_of((const uint8_t *)words.buf + start, end - start, end - start, &begin);
        if (!failed && add(&made, &hash, sizeof hash)) failed = 2;
    }
    PyObject *result = NULL;
    if (failed == 2) PyErr_NoMemory();
    else if (failed) PyErr_SetString(PyExc_ValueError, "offsets rise, and stay within the words");
    else result = PyBytes_FromStringAndSize((const char *)made.data, (Py_ssize_t)made.used);
    free(made.data);
    PyBuffer_Release(&words);
    PyBuffer_Release(&offsets);
    return result;
}

/* Return the entries by the hashes of their words, for `look_at`: keys are the number of a word, above it that of the
   one before it and 1, or 0; NO_WORD stands for digits joined to it. */
static PyObject *make_entries(PyObject *self, PyObject *args) {
    Py_buffer keys, values, others, hashes;
    (void)self;
    if (!PyArg_ParseTuple(args, "y*y*y*y*:entries", &keys, &values, &others, &hashes)) return NULL;
    size_t count = (size_t)keys.len / 8, known = (size_t)hashes.len / 4;
    uint32_t size = count > 1u << 28 ? 0 : size_for(count);
    int fits = size && (size_t)values.len / 4 == count && (size_t)others.len / 4 == count;
    Slot *slots = fits ? calloc(size, sizeof(Slot)) : NULL;
    PyObject *result = NULL;
    for (size_t n = 0; slots && n < count; n++) {
        uint64_t key;
        uint32_t first = 1, second = NO_WORD;
        memcpy(&key, (const uint8_t *)keys.buf + 8 * n, 8);
        uint32_t low = (uint32_t)key, high = (uint32_t)(key >> 32);
        if ((low >= known && low != NO_WORD) || high > known) continue;
        if (low != NO_WORD) memcpy(&second, (const uint8_t *)hashes.buf + 4 * (size_t)low, 4);
        if (high) memcpy(&first, (const uint8_t *)hashes.buf + 4 * (size_t)(high - 1), 4);
        key = HASHED(first, second);
        uint32_t at = (uint32_t)mixed(key) & (size - 1);
        while (slots[at].key) at = (at + 1) & (size - 1);
        slots[at].key = key;
        memcpy(&slots[at].value, (const uint8_t *)values.buf + 4 * n, 4);
        memcpy(&slots[at].other, (const uint8_t *)others.buf + 4 * n, 4);
    }
    if (slots) result = PyBytes_FromStringAndSize((const char *)slots, (Py_ssize_t)(size * sizeof(Slot)));
    else if (fits) PyErr_NoMemory();
    else PyErr_SetString(PyExc_ValueError, "as many values as keys");
    free(slots);
    PyBuffer_Release(&keys);
    PyBuffer_Release(&values);
    PyBuffer_Release(&others);
    PyBuffer_Release(&hashes);
    return result;
}

/* Return the filter for some keys. With `entries` they are of words and of two in a row, as `make_entries` takes them;
   else of a literal and a word beside it, as `KEY` makes them. Words go by their hashes. */
static PyObject *make_filter(PyObject *self, PyObject *args) {
    Py_buffer keys, hashes;
    int entries;
    (void)self;
    if (!PyArg_ParseTuple(args, "y*y*p:filter", &keys, &hashes, &entries)) return NULL;
    size_t count = (size_t)keys.len / 8, known = (size_t)hashes.len / 4;
    uint32_t size = 8;
    while (size < count / (entries ? 4 : 8) && size < 1u << 20) size *= 2;
    PyObject *result = NULL;
    uint64_t *bits = calloc(size, sizeof(uint64_t));
    for (size_t n = 0; bits && n < count; n++) {
        uint64_t key;
        uint32_t hash, other;
        memcpy(&key, (const uint8_t *)keys.buf + 8 * n, 8);
        uint32_t low = (uint32_t)key, high = (uint32_t)(key >> 32);
        if (low >= known || (entries && high > known)) continue;   /* digits joined to a word; no word at all */
        memcpy(&hash, (const uint8_t *)hashes.buf + 4 * (size_t)low, 4);
        if (!entries) {
            hash = joined(high, hash);
        } else if (high) {
            memcpy(&other, (const uint8_t *)hashes.buf + 4 * (size_t)(high - 1), 4);
            hash = joined(other, hash);
        }
        bits[hash & (size - 1)] |= 1ull << (hash >> 26) | 1ull << (hash >> 20 & 63);
    }
    if (bits) result = PyBytes_FromStringAndSize((const char *)bits, (Py_ssize_t)(size * sizeof(uint64_t)));
    else PyErr_NoMemory();
    free(bits);
    PyBuffer_Release(&keys);
    PyBuffer_Release(&hashes);
    return result;
}

/* Return the table by which words are found; words are parted by offsets and differ. */
static PyObject *make_words(PyObject *self, PyObject *args) {
    Py_buffer words, offsets;
    (void)self;
    if (!PyArg_ParseTuple(args, "y*y*:words", &words, &offsets)) return NULL;
    size_t count = (size_t)offsets.len / 4;
    PyObject *result = NULL;
    if (!count || count > (1u << 28)) {
        PyErr_SetString(PyExc_ValueError, "one offset more than words");
    } else {
        count--;
        uint32_t size = size_for(count);
        WordSlot *slots = calloc(size, sizeof(WordSlot));
        int failed = !slots;
        for (size_t n = 0; !failed && n < count; n++) {
            uint32_t start, end;
            memcpy(&start, (const uint8_t *)offsets.buf + 4 * n, 4);
            memcpy(&end, (const uint8_t *)offsets.buf + 4 * n + 4, 4);
            if (start >= end || end > (size_t)words.len) {
                failed = 2;
                break;
            }
            const uint8_t *word = (const uint8_t *)words.buf + start;
            uint64_t begin;
            uint32_t at = hash_of(word, end - start, (size_t)words.len - start, &begin) & (size - 1);
            while (slots[at].id) at = (at + 1) & (size - 1);
            slots[at].id = (uint32_t)n + 1;
            slots[at].begin = begin;
            slots[at].length = end - start;
        }
        if (failed == 1) PyErr_NoMemory();
        else if (failed) PyErr_SetString(PyExc_ValueError, "offsets rise, and stay within the words");
        else result = PyBytes_FromStringAndSize((const char *)slots, (Py_ssize_t)(size * sizeof(WordSlot)));
        free(slots);
    }
    PyBuffer_Release(&words);
    PyBuffer_Release(&offsets);
    return result;
}

static PyMethodDef tables_methods[] = {
    {"words", tables_words, METH_O, "words(fold) -> the words of a folded text, which it holds."},
    {"quiet", tables_quiet, METH_VARARGS,
     "quiet(text, stems, without, scripts, ascii, part) -> whether nothing can come of a text, or what that hangs on."},
    {NULL, NULL, 0, NULL},
};
static PyType_Slot tables_slots[] = {
    {Py_tp_doc, "Tables of a rulebook, opened. Raises ValueError when they are damaged."},
    {Py_tp_new, tables_new},
    {Py_tp_dealloc, tables_free},
    {Py_tp_methods, tables_methods},
    {0, NULL},
};
static PyType_Spec tables_spec = {"annotator.core.scan.Tables", sizeof(Tables), 0, Py_TPFLAGS_DEFAULT, tables_slots};

static PyMethodDef words_methods[] = {
    {"triggers", words_triggers, METH_VARARGS, "triggers(plain, wide, any) -> what may be a mention."},
    {"cues", words_cues, METH_VARARGS, "cues(plain, wide, any) -> what may be a cue."},
    {"spread", words_spread, METH_NOARGS, "spread() -> whether more than four separators stand in a row."},
    {"talks", words_talks, METH_VARARGS, "talks(stems) -> where words begin as the stems do, in 32-bit numbers."},
    {NULL, NULL, 0, NULL},
};
static PyType_Slot words_slots[] = {
    {Py_tp_doc, "The words of a folded text; see Tables.words."},
    {Py_tp_dealloc, words_free},
    {Py_tp_methods, words_methods},
    {0, NULL},
};
static PyType_Spec words_spec = {"annotator.core.scan.Words", sizeof(Words), 0,
                                 Py_TPFLAGS_DEFAULT | Py_TPFLAGS_DISALLOW_INSTANTIATION, words_slots};

/* The state of the module is the type of the words that tables make. */
static int fill(PyObject *module) {
    PyTypeObject **words = PyModule_GetState(module);
    *words = (PyTypeObject *)PyType_FromModuleAndSpec(module, &words_spec, NULL);
    if (!*words) return -1;
    PyObject *tables = PyType_FromModuleAndSpec(module, &tables_spec, NULL);
    if (!tables) return -1;
    int failed = PyModule_AddObjectRef(module, "Tables", tables) || PyModule_AddIntConstant(module, "version", VERSION);
    Py_DECREF(tables);
    return failed ? -1 : 0;
}

static int visit_state(PyObject *module, visitproc visit, void *arg) {
    PyTypeObject **words = PyModule_GetState(module);
    Py_VISIT(words ? *words : NULL);
    return 0;
}

static int clear_state(PyObject *module) {
    PyTypeObject **words = PyModule_GetState(module);
    if (words) Py_CLEAR(*words);
    return 0;
}

static void free_state(void *module) { clear_state((PyObject *)module); }

static PyMethodDef methods[] = {
    {"map", make_map, METH_VARARGS, "map(keys, values, others) -> a table of 64-bit keys."},
    {"entries", make_entries, METH_VARARGS, "entries(keys, values, others, hashes) -> a table of words and pairs of them."},
    {"hashes", make_hashes, METH_VARARGS, "hashes(bytes, offsets) -> the hash of each word."},
    {"filter", make_filter, METH_VARARGS, "filter(keys, hashes, entries) -> a filter of bits for the keys of a table."},
    {"words", make_words, METH_VARARGS, "words(bytes, offsets) -> a table of words."},
    {"placed", cues_placed, METH_VARARGS, "placed(rows, starts, ends, live) -> cues that stand in blocks, and others."},
    {"settled", cues_settled, METH_VARARGS, "settled(cues, groups, starts, ends) -> cues in order, and where groups are."},
    {NULL, NULL, 0, NULL},
};
static PyModuleDef_Slot slots[] = {{Py_mod_exec, fill}, {0, NULL}};
static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, "annotator.core.scan", "The compiled core; see the head of its source.",
    sizeof(PyTypeObject *), methods, slots, visit_state, clear_state, free_state,
};

PyMODINIT_FUNC PyInit_scan(void) { return PyModuleDef_Init(&definition); }
