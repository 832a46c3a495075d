/* The compiled core: words of a folded text looked up in tables, and the cheap tests of phrase forms, in one pass.
 *
 * Built against the limited API of Python 3.11, so that one build serves all versions from there on. Everything here
 * has a counterpart in Python (`matching/_gate.py`, `matching/_forms.py`, `rulebook.FormTable`), which serves where
 * there is no compiler and which the tests hold this against: what is refused here, the matcher would refuse too.
 *
 * Tables are one block of bytes, laid out by `tables.py` and checked in full when they are opened (`check`): no
 * lookup can leave them afterwards. No static buffers, no global state: threads may share what is opened.
 */
#define PY_SSIZE_T_CLEAN
#define Py_LIMITED_API 0x030B0000
#include <Python.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum {
    WORD_SLOTS, WORD_OFFSETS, WORD_BYTES, WORD_INFO, PAIR_SLOTS, TRIGGER_LITERALS, CUE_LITERALS, TRIGGER_INDEX,
    CUE_INDEX, REFERENCES, TRIGGER_FORMS, CUE_FORMS, ELEMENTS, SET_SLOTS, EXACT, MASKS, GATE_OFFSETS, GATES,
    OWNER_OFFSETS, OWNERS, SIZES, FOLDS, PLAINS, MUST_OFFSETS, MUSTS,
    MUST_BYTES, PAIR_FILTER, TRIGGER_FILTER, CUE_FILTER, DIGITS, SECTIONS
};
enum { FREE = 1, NEXT = 2, PREVIOUS = 4, ANYWHERE = 8, BACKWARD = 256 };   /* of a literal */
enum { LEANS = 1, STOPS = 2, ANCHORS = 4, EXACT_WORDS = 8 };                                         /* of a form */
enum { BEGINS_PAIR = 1, ENDS_PAIR = 2, BEGINS_CUE = 4, ENDS_CUE = 8, BESIDE = 16 };  /* of a word */
enum { OPEN_LEFT = 1, OPEN_RIGHT = 2, NUMBERED = 4 };                      /* of an element: signs beside it */
enum { IS_WORD, IS_GAP, IS_SLOT };
enum { ANY_CASE, CAPITAL, SPELT };                                         /* SPELT + where the spelling stands */
#define VERSION 5   /* of what `__init__.py` and `tables.py` expect; to be changed with either */
#define MAGIC 0x354E4341u
#define NO_WORD 0xFFFFFFFFu
#define DIGIT 0x80000000u
#define MOST_NEAR 512
#define SEPARATORS 4
#define PATTERN_REACH 600

typedef struct { uint64_t last; uint32_t id, length; } WordSlot;           /* `last`: the last bytes, eight at most */
typedef struct { uint32_t trigger, cue, flags; } WordInfo;
typedef struct { uint64_t key; uint32_t value, other; } Slot;
typedef struct { uint32_t kinds, reach; } Literal;
typedef struct { uint32_t owner, flags, first, count; } FormRecord;
typedef struct { uint32_t kind, value, flags; } Element;
typedef struct { uint32_t start, end, id; } Token;                         /* of end, the highest bit: ends in a digit */
/* `owner` with its highest bit set where nothing is left to check. */
typedef struct { uint32_t start, end, literal, form, anchor, owner; } Survivor;

typedef struct {
    PyObject_HEAD
    Py_buffer buffer;
    int held;
    const uint8_t *at[SECTIONS];
    uint32_t size[SECTIONS];      /* in records of the section */
    uint32_t width;               /* 64-bit words of a mask of contexts */
    uint32_t contexts;
} Tables;

typedef struct { uint8_t *data; size_t used, capacity; } Bytes;

static int add(Bytes *bytes, const void *data, size_t size) {
    if (bytes->used + size > bytes->capacity) {
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

/* -- hashing ---------------------------------------------------------------------------------------------------- */

static inline uint64_t mixed(uint64_t key) {
    key ^= key >> 32;
    key *= 0x9E3779B97F4A7C15ull;
    key ^= key >> 29;
    key *= 0xD6E8FEB86659FD93ull;
    return key ^ (key >> 32);
}

/* Hash of a word, and its last bytes, up to eight; `readable` is how many bytes may be read from `word` on. */
static inline uint32_t hash_of(const uint8_t *word, size_t length, size_t readable, uint64_t *last) {
    uint64_t hash = length * 0xD6E8FEB86659FD93ull, part = 0;
    while (length > 8) {
        memcpy(&part, word, 8);
        hash = mixed(hash ^ part);
        word += 8;
        length -= 8;
        readable -= 8;
    }
    if (readable >= 8) {
        memcpy(&part, word, 8);
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
        part &= ~0ull << (8 * (8 - length));
#else
        part &= ~0ull >> (8 * (8 - length));
#endif
    } else {
        part = 0;
        memcpy(&part, word, length);
    }
    *last = part;
    return (uint32_t)(mixed(hash ^ part) >> 16);
}

static inline uint32_t word_id(const Tables *t, const uint8_t *word, size_t length, size_t readable) {
    const WordSlot *slots = (const WordSlot *)t->at[WORD_SLOTS];
    uint64_t last;
    uint32_t mask = t->size[WORD_SLOTS] - 1, at = hash_of(word, length, readable, &last) & mask;
    while (slots[at].id) {
        if (slots[at].last == last && slots[at].length == length) {
            uint32_t id = slots[at].id - 1;
            if (length <= 8) return id;
            if (!memcmp(t->at[WORD_BYTES] + ((const uint32_t *)t->at[WORD_OFFSETS])[id], word, length)) return id;
        }
        at = (at + 1) & mask;
    }
    return NO_WORD;
}

/* Look a key up; a filter of bits, which stays in the nearest cache, rules out most that are not there. */
static inline const Slot *look_up(const Tables *t, int section, int filter, uint64_t key) {
    const Slot *slots = (const Slot *)t->at[section];
    uint64_t hash = mixed(key);
    uint32_t mask = t->size[section] - 1, at = (uint32_t)hash & mask;
    if (filter != SECTIONS) {
        uint32_t bit = (uint32_t)(hash >> 32) & (8 * t->size[filter] - 1);
        if (!(t->at[filter][bit >> 3] >> (bit & 7) & 1)) return NULL;
    }
    while (slots[at].key) {
        if (slots[at].key == key) return &slots[at];
        at = (at + 1) & mask;
    }
    return NULL;
}

/* -- opening tables --------------------------------------------------------------------------------------------- */

static const uint32_t RECORD[SECTIONS] = {
    sizeof(WordSlot), 4, 1, sizeof(WordInfo), sizeof(Slot), sizeof(Literal), sizeof(Literal), sizeof(Slot),
    sizeof(Slot), 4, sizeof(FormRecord), sizeof(FormRecord), sizeof(Element), sizeof(Slot), 1, 8, 4, 4, 4, 4, 4, 1, 1,
    4, 4, 1, 1, 1, 1, 4,
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

/* Tell whether every place where a lookup could land is within the tables. */
static int check(Tables *t) {
    if (t->size[SIZES] < 3) return 0;
    const uint32_t *sizes = (const uint32_t *)t->at[SIZES];
    uint32_t words = sizes[0], owners = sizes[2];
    t->contexts = sizes[1];
    t->width = (t->contexts + 63) / 64 + !t->contexts;
    if (t->contexts > 65536 || t->size[WORD_INFO] != words) return 0;
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
    for (uint32_t n = 0; n < words; n++) {
        const WordInfo *info = (const WordInfo *)t->at[WORD_INFO] + n;
        if (info->trigger > triggers || info->cue > cues) return 0;
    }
    uint32_t references = t->size[REFERENCES];
    if (!is_map(t, PAIR_SLOTS, triggers + 1, cues + 1) || !is_map(t, TRIGGER_INDEX, references, 1)) return 0;
    if (!is_map(t, CUE_INDEX, references, 1)) return 0;
    if (!is_map(t, SET_SLOTS, t->size[EXACT] + SPELT + 1, 257)) return 0;
    for (uint32_t n = 0; n < t->size[SET_SLOTS]; n++) {
        const Slot *slot = (const Slot *)t->at[SET_SLOTS] + n;
        if (slot->key && slot->value >= SPELT && slot->value - SPELT + slot->other > t->size[EXACT]) return 0;
    }
    uint32_t masks = t->size[MASKS] / t->width;
    for (int kind = 0; kind < 2; kind++) {
        uint32_t forms = t->size[kind ? CUE_FORMS : TRIGGER_FORMS];
        for (uint32_t n = 0; n < forms; n++) {
            const FormRecord *form = (const FormRecord *)t->at[kind ? CUE_FORMS : TRIGGER_FORMS] + n;
            if (form->owner >= (kind ? t->contexts : owners) || form->first > t->size[ELEMENTS]) return 0;
            if (form->count > t->size[ELEMENTS] - form->first || !form->count) return 0;
        }
        const Slot *slot = (const Slot *)t->at[kind ? CUE_INDEX : TRIGGER_INDEX];
        for (uint32_t n = 0; n < t->size[kind ? CUE_INDEX : TRIGGER_INDEX]; n++, slot++) {
            if (!slot->key) continue;
            const uint32_t *list = (const uint32_t *)t->at[REFERENCES] + slot->value;
            if (list[0] > (references - slot->value - 1) / 2) return 0;
            for (uint32_t i = 0; i < list[0]; i++) {
                uint32_t number = list[1 + 2 * i], anchor = list[2 + 2 * i];
                if (number >= forms) return 0;
                if (anchor >= ((const FormRecord *)t->at[kind ? CUE_FORMS : TRIGGER_FORMS])[number].count) return 0;
            }
        }
    }
    for (uint32_t n = 0; n < t->size[ELEMENTS]; n++) {
        const Element *element = (const Element *)t->at[ELEMENTS] + n;
        if (element->kind > IS_SLOT || (element->kind == IS_GAP && element->value > MOST_NEAR)) return 0;
        if (element->kind == IS_SLOT && element->value >= masks) return 0;
    }
    if (!is_rising(t, GATE_OFFSETS, owners, t->size[GATES])) return 0;
    for (uint32_t n = 0; n < t->size[GATES]; n++)
        if (((const uint32_t *)t->at[GATES])[n] >= masks) return 0;
    if (!is_rising(t, OWNER_OFFSETS, cues, t->size[OWNERS])) return 0;
    for (uint32_t n = 0; n < t->size[OWNERS]; n++)
        if (((const uint32_t *)t->at[OWNERS])[n] >= t->contexts) return 0;
    if (!is_rising(t, MUST_OFFSETS, owners, t->size[MUSTS] / 2)) return 0;
    for (uint32_t n = 0; n + 1 < t->size[MUSTS]; n += 2) {
        const uint32_t *run = (const uint32_t *)t->at[MUSTS] + n;
        if (!run[1] || run[0] > t->size[MUST_BYTES] || run[1] > t->size[MUST_BYTES] - run[0]) return 0;
    }
    for (int n = PAIR_FILTER; n <= CUE_FILTER; n++)
        if (!t->size[n] || t->size[n] & (t->size[n] - 1) || t->size[n] > 1u << 28) return 0;
    return t->size[FOLDS] == t->size[PLAINS] && t->size[DIGITS] == owners;
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
    int sound = t->buffer.readonly && size >= head && size < DIGIT && !((uintptr_t)bytes & 7) && *(const uint32_t *)bytes == MAGIC;
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
    return (PyObject *)t;
}

/* -- the pass over the text ------------------------------------------------------------------------------------- */

/* Cut a folded text into words; return how many tokens there are, or -1 where there is no memory. */
static Py_ssize_t cut(const Tables *t, const uint8_t *text, size_t size, Token **result) {
    size_t at = 0, used = 0, capacity = size / 6 + 16;
    Token *tokens = malloc(capacity * sizeof(Token));
    while (tokens) {
        while (at < size && text[at] == ' ') at++;
        if (at >= size) break;
        size_t start = at;
#if defined(__GNUC__) && defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
        while (at + 8 <= size) {   /* eight bytes at once: the lowest zero byte of what differs from blanks */
            uint64_t part;
            memcpy(&part, text + at, 8);
            part ^= 0x2020202020202020ull;
            part = (part - 0x0101010101010101ull) & ~part & 0x8080808080808080ull;
            if (part) {
                at += (size_t)__builtin_ctzll(part) >> 3;
                break;
            }
            at += 8;
        }
#endif
        while (at < size && text[at] != ' ') at++;
        if (used == capacity) {
            Token *grown = realloc(tokens, 2 * capacity * sizeof(Token));
            if (!grown) {
                free(tokens);
                return -1;
            }
            tokens = grown;
            capacity *= 2;
        }
        uint8_t last = text[at - 1];
        tokens[used].start = (uint32_t)start;
        tokens[used].end = (uint32_t)at | (last >= '0' && last <= '9' ? DIGIT : 0);
        tokens[used++].id = word_id(t, text + start, at - start, size - start);
    }
    *result = tokens;
    return tokens ? (Py_ssize_t)used : -1;
}

/* Cut a folded text into words, each with its number in the tables: (start, end, number) of each. */
static PyObject *tables_words(PyObject *self, PyObject *args) {
    Tables *t = (Tables *)self;
    Py_buffer fold;
    if (!PyArg_ParseTuple(args, "y*:words", &fold)) return NULL;
    PyObject *result = NULL;
    Token *tokens = NULL;
    Py_ssize_t count = -1;
    if (fold.len < DIGIT) {
        Py_BEGIN_ALLOW_THREADS
        count = cut(t, fold.buf, (size_t)fold.len, &tokens);
        Py_END_ALLOW_THREADS
    }
    if (count < 0) PyErr_NoMemory();
    else result = PyBytes_FromStringAndSize((const char *)tokens, count * (Py_ssize_t)sizeof(Token));
    free(tokens);
    PyBuffer_Release(&fold);
    return result;
}

typedef struct {
    const Tables *t;
    const uint8_t *fold, *plain;
    size_t size;
    const Token *tokens;
    size_t count;
    uint64_t *present;            /* contexts of which a cue may stand in the text, once known; NULL: any may */
    int known;
    int cues;                     /* whether cues are looked for, not triggers */
    int wide;                     /* whether blanks between words are not counted */
    int spaced;                   /* whether there may be long rows of them */
    int backward;
    int opens;                    /* whether something was found that needs no other mention beside it */
    Bytes found;
} Scan;

static inline size_t end_of(const Scan *s, size_t index) { return s->tokens[index].end & ~DIGIT; }

/* Digits may be joined to a word ("UNSCR2397"): the number of the word without them, and whether there are any. */
static uint32_t stem_of(const Scan *s, size_t index) {
    size_t start = s->tokens[index].start, end = end_of(s, index), stop = end;
    while (stop > start && s->fold[stop - 1] >= '0' && s->fold[stop - 1] <= '9') stop--;
    if (stop == end || stop == start) return NO_WORD;
    return word_id(s->t, s->fold + start, stop - start, s->size - start);
}

static int is_upper(uint8_t byte) { return byte >= 'A' && byte <= 'Z'; }

/* Tell whether a word of the text may stand for an element. */
static int is_word(const Scan *s, const Element *element, size_t index) {
    if (element->flags & NUMBERED) return 1;   /* left to the matcher */
    uint32_t id = s->tokens[index].id;
    if (id == NO_WORD) return 0;
    const Slot *slot = look_up(s->t, SET_SLOTS, SECTIONS, ((uint64_t)(element->value + 1) << 32) | id);
    if (!slot) return 0;
    if (slot->value == ANY_CASE || !s->plain) return 1;
    size_t start = s->tokens[index].start - 1;  /* one blank stands before the folded text */
    if (slot->value == CAPITAL) return is_upper(s->plain[start]);
    return start + slot->other <= s->size - 2
        && !memcmp(s->plain + start, s->t->at[EXACT] + (slot->value - SPELT), slot->other);
}

/* Tell whether what stands between two words may stand between two of a phrase without signs. */
static int is_joint(const Scan *s, const Element *left, const Element *right, size_t index) {
    if (!s->plain || left->flags & OPEN_RIGHT || right->flags & OPEN_LEFT) return 1;
    const uint8_t *start = s->plain + end_of(s, index) - 1, *stop = s->plain + s->tokens[index + 1].start - 1;
    const uint8_t *first = start, *last = stop;
    while (first < last && (*first == ' ' || *first == '"')) first++;
    while (last > first && (last[-1] == ' ' || last[-1] == '"')) last--;
    if (first == last) return 1;
    return last - first == 1 && *first == '-' && !(*start == ' ' && stop[-1] == ' ');
}

/* Tell whether the words on one side of the anchor may be those of the form: as far as the first slot, and of what
   stands behind a gap whether its first word stands within reach at all. */
static int is_side(const Scan *s, const Element *elements, long number, long stop, size_t index, int step) {
    long limit = (long)s->count;
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

static int walk(Scan *s, int (*visit)(Scan *, uint32_t, size_t, size_t));
static int note_contexts(Scan *s, uint32_t literal, size_t first, size_t last);

static int is_present(Scan *s, uint32_t mask) {
    if (!s->present) return 1;
    if (!s->known) {   /* cues are looked for when a first form asks for them */
        s->cues = s->known = 1;
        walk(s, note_contexts);
        s->cues = 0;
    }
    const uint64_t *bits = (const uint64_t *)s->t->at[MASKS] + (size_t)mask * s->t->width;
    for (uint32_t n = 0; n < s->t->width; n++)
        if (bits[n] & s->present[n]) return 1;
    return 0;
}

static int has_contexts(Scan *s, const FormRecord *form) {
    const uint32_t *offsets = (const uint32_t *)s->t->at[GATE_OFFSETS];
    for (uint32_t n = offsets[form->owner]; n < offsets[form->owner + 1]; n++)
        if (!is_present(s, ((const uint32_t *)s->t->at[GATES])[n])) return 0;
    return 1;
}

static int has_slots(Scan *s, const FormRecord *form) {
    const Element *element = (const Element *)s->t->at[ELEMENTS] + form->first;
    for (uint32_t n = 0; n < form->count; n++)
        if (element[n].kind == IS_SLOT && !is_present(s, element[n].value)) return 0;
    return 1;
}

/* Tell whether what a pattern cannot do without stands within reach: a digit, one of some runs of letters. */
static int has_musts(const Scan *s, const FormRecord *form, size_t start) {
    const uint32_t *offsets = (const uint32_t *)s->t->at[MUST_OFFSETS];
    uint32_t n = offsets[form->owner], last = offsets[form->owner + 1];
    size_t digit = ((const uint32_t *)s->t->at[DIGITS])[form->owner];
    if (digit && !s->spaced) {   /* blanks in long rows count for fewer */
        size_t at = start, end = start + digit < s->size ? start + digit : s->size;
        while (at < end && !(s->fold[at] >= '0' && s->fold[at] <= '9')) at++;
        if (at == end) return 0;
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

/* Return the word at which a form begins, or the one that was hit where that is not plain. */
static size_t begin_of(const Element *elements, uint32_t anchor, size_t index) {
    for (uint32_t n = 0; n < anchor; n++)
        if (elements[n].kind != IS_WORD) return index;
    return index >= anchor ? index - anchor : index;
}

static int try_forms(Scan *s, const Slot *slot, uint32_t literal, size_t first, uint32_t start, uint32_t end,
                     uint32_t words) {
    if (!slot) return 0;
    const uint32_t *list = (const uint32_t *)s->t->at[REFERENCES] + slot->value;
    for (uint32_t n = 0; n < list[0]; n++) {
        uint32_t number = list[1 + 2 * n], anchor = list[2 + 2 * n];
        const FormRecord *form = (const FormRecord *)s->t->at[s->cues ? CUE_FORMS : TRIGGER_FORMS] + number;
        const Element *elements = (const Element *)s->t->at[ELEMENTS] + form->first;
        if (!is_word(s, elements + anchor, first)) continue;
        if (!is_side(s, elements, (long)anchor, (long)form->count, first, 1)) continue;
        if (!is_side(s, elements, (long)anchor, -1, first, -1)) continue;
        uint32_t only_stops = 0;
        if (!s->cues) {
            if (form->flags & ANCHORS && !has_musts(s, form, s->tokens[begin_of(elements, anchor, first)].start)) continue;
            if (!has_slots(s, form)) continue;
            if (!has_contexts(s, form)) {
                if (!(form->flags & STOPS)) continue;
                only_stops = 1u << 31;
            }
        }
        if (!(form->flags & LEANS) && !only_stops) s->opens = 1;
        uint32_t sure = form->flags & EXACT_WORDS && form->count == words && s->plain ? 1u << 31 : 0;
        Survivor survivor = {start, end, literal, number, anchor | only_stops, form->owner | sure};
        if (add(&s->found, &survivor, sizeof survivor)) return -1;
    }
    return 0;
}

#define PAIR(first, second) (((uint64_t)((first) + 1) << 32) | (second))
#define KEY(literal, kind, word) (((uint64_t)((literal) + 1) << 34) | ((uint64_t)(kind) << 32) | (word))

/* Tell whether a form may need a word beside what was hit. */
static inline int is_beside(const Scan *s, size_t index) {
    uint32_t id = s->tokens[index].id;
    return id != NO_WORD && ((const WordInfo *)s->t->at[WORD_INFO])[id].flags & BESIDE;
}

/* Tell whether a word has not stood before from a place on: what it leads to need not be tried again. */
static int is_first(const Scan *s, size_t low, size_t index) {
    while (low < index && s->tokens[low].id != s->tokens[index].id) low++;
    return low == index;
}

/* A literal was hit: `first` and `last` are its words. */
static int at_literal(Scan *s, uint32_t literal, size_t first, size_t last) {
    const Literal *about = (const Literal *)s->t->at[s->cues ? CUE_LITERALS : TRIGGER_LITERALS] + literal;
    int section = s->cues ? CUE_INDEX : TRIGGER_INDEX, filter = s->cues ? CUE_FILTER : TRIGGER_FILTER;
    uint32_t start = s->tokens[first].start - 1, end = (uint32_t)end_of(s, last) + 1,
             words = (uint32_t)(last - first) + 1;
    if (about->kinds & BACKWARD) s->backward = 1;
    if (about->kinds & FREE && try_forms(s, look_up(s->t, section, filter, KEY(literal, 0, 0)), literal, first, start, end, words))
        return -1;
    if (about->kinds & NEXT && last + 1 < s->count && is_beside(s, last + 1)
        && try_forms(s, look_up(s->t, section, filter, KEY(literal, 1, s->tokens[last + 1].id)), literal, first, start, end, words))
        return -1;
    if (about->kinds & PREVIOUS && first > 0 && is_beside(s, first - 1)
        && try_forms(s, look_up(s->t, section, filter, KEY(literal, 2, s->tokens[first - 1].id)), literal, first, start, end, words))
        return -1;
    if (about->kinds & ANYWHERE) {
        size_t low = first > about->reach ? first - about->reach : 0;
        size_t high = about->reach < s->count - last ? last + about->reach + 1 : s->count;
        for (size_t n = low; n < high; n++) {
            if (!is_beside(s, n)) continue;
            const Slot *slot = look_up(s->t, section, filter, KEY(literal, 3, s->tokens[n].id));
            if (slot && is_first(s, low, n) && try_forms(s, slot, literal, first, start, end, words)) return -1;
        }
    }
    return 0;
}

/* Look at each word, and each two neighbours, for literals; what is found goes to `visit`. */
static int walk(Scan *s, int (*visit)(Scan *, uint32_t, size_t, size_t)) {
    const WordInfo *words = (const WordInfo *)s->t->at[WORD_INFO];
    uint32_t begins = s->cues ? BEGINS_CUE : BEGINS_PAIR, ends = s->cues ? ENDS_CUE : ENDS_PAIR, before = 0;
    for (size_t n = 0; n < s->count; n++) {
        uint32_t id = s->tokens[n].id;
        if (s->tokens[n].end & DIGIT) {   /* a word and digits joined to it are a pair of their own */
            uint32_t stem = stem_of(s, n);
            const Slot *pair = stem == NO_WORD ? NULL : look_up(s->t, PAIR_SLOTS, PAIR_FILTER, PAIR(stem, NO_WORD));
            uint32_t literal = pair ? (s->cues ? pair->other : pair->value) : 0;
            if (literal && visit(s, literal - 1, n, n)) return -1;
        }
        if (id == NO_WORD) {
            before = 0;
            continue;
        }
        WordInfo word = words[id];
        if (before & begins && word.flags & ends) {
            const Slot *pair = look_up(s->t, PAIR_SLOTS, PAIR_FILTER, PAIR(s->tokens[n - 1].id, id));
            uint32_t literal = pair ? (s->cues ? pair->other : pair->value) : 0;
            if (literal && (s->wide || s->tokens[n].start - end_of(s, n - 1) <= SEPARATORS)
                && visit(s, literal - 1, n - 1, n)) return -1;
        }
        before = word.flags;
        uint32_t literal = s->cues ? word.cue : word.trigger;
        if (literal && visit(s, literal - 1, n, n)) return -1;
    }
    return 0;
}

static int note_contexts(Scan *s, uint32_t literal, size_t first, size_t last) {
    const uint32_t *offsets = (const uint32_t *)s->t->at[OWNER_OFFSETS];
    (void)first;
    (void)last;
    for (uint32_t n = offsets[literal]; n < offsets[literal + 1]; n++) {
        uint32_t context = ((const uint32_t *)s->t->at[OWNERS])[n];
        s->present[context >> 6] |= 1ull << (context & 63);
    }
    return 0;
}

/* Tell whether tokens can be those of the text. */
static int is_tokens(const Scan *s, const Py_buffer *tokens) {
    if (tokens->len % (Py_ssize_t)sizeof(Token) || (uintptr_t)tokens->buf % 4) return 0;
    uint32_t last = 0;
    for (size_t n = 0; n < s->count; n++) {
        uint32_t start = s->tokens[n].start, end = s->tokens[n].end & ~DIGIT, id = s->tokens[n].id;
        if (start <= last || end <= start || end >= s->size) return 0;
        if (id != NO_WORD && id >= s->t->size[WORD_INFO]) return 0;
        last = end;
    }
    return 1;
}

/* Return what may be a phrase: (start, end, literal, form, element, owner) of each, and whether a back-reference is there. */
static PyObject *run(PyObject *self, PyObject *args, int cues) {
    Tables *t = (Tables *)self;
    Py_buffer fold, tokens, plain = {0};
    PyObject *plain_object, *result = NULL;
    int wide, any;
    if (!PyArg_ParseTuple(args, "y*y*Opp:run", &fold, &tokens, &plain_object, &wide, &any)) return NULL;
    Scan s = {t, fold.buf, NULL, (size_t)fold.len, tokens.buf, (size_t)tokens.len / sizeof(Token), NULL, 0, cues,
              wide, wide, 0, 0, {NULL, 0, 0}};
    int failed = 0;
    if (plain_object != Py_None) {
        if (PyObject_GetBuffer(plain_object, &plain, PyBUF_SIMPLE)) goto done;
        s.plain = plain.buf;
        if (plain.len + 2 != fold.len) failed = 2;
    }
    if (!is_tokens(&s, &tokens)) failed = 2;
    if (failed == 2) {
        PyErr_SetString(PyExc_ValueError, "words of another text");
        goto done;
    }
    if (!any && !cues) {
        s.present = calloc(t->width, 8);
        failed = !s.present;
    }
    Py_BEGIN_ALLOW_THREADS
    if (!failed) failed = walk(&s, at_literal);
    Py_END_ALLOW_THREADS
    if (!cues && !any && !s.opens) s.found.used = 0;
    if (failed) PyErr_NoMemory();
    else result = Py_BuildValue("y#i", s.found.data ? (const char *)s.found.data : "", (Py_ssize_t)s.found.used,
                                s.backward);
done:
    free(s.present);
    free(s.found.data);
    if (plain.obj) PyBuffer_Release(&plain);
    PyBuffer_Release(&tokens);
    PyBuffer_Release(&fold);
    return result;
}

static PyObject *tables_triggers(PyObject *self, PyObject *args) { return run(self, args, 0); }
static PyObject *tables_cues(PyObject *self, PyObject *args) { return run(self, args, 1); }

/* -- texts of which nothing can come ----------------------------------------------------------------------------- */

typedef struct { uint8_t first[16], second[16]; uint32_t first_length, second_length; } Stems;

/* Fold a text in UTF-8 as `folding.Folded` does, and spell it in ASCII; -1 where that takes more than a table. */
static Py_ssize_t fold_text(const Tables *t, const uint8_t *text, size_t size, uint8_t *fold, uint8_t *plain) {
    const uint8_t *table = t->at[FOLDS], *spelt = t->at[PLAINS];
    uint32_t most = t->size[FOLDS];
    size_t used = 0;
    fold[used++] = ' ';
    for (size_t at = 0; at < size;) {
        uint32_t code = text[at];
        if (code < 0x80) {
            at++;
        } else if (code < 0xE0 && at + 1 < size) {
            code = (code & 0x1F) << 6 | (text[at + 1] & 0x3F);
            at += 2;
        } else if (code < 0xF0 && at + 2 < size) {
            code = (code & 0x0F) << 12 | (uint32_t)(text[at + 1] & 0x3F) << 6 | (text[at + 2] & 0x3F);
            at += 3;
        } else {
            return -1;
        }
        if (code >= most || table[code] == 1) return -1;
        if (code == '\n') {   /* a line break is a blank, a blank line stays a wall */
            plain[used - 1] = ' ';
            if (at < size && text[at] == '\n') {
                plain[used - 1] = '\n';
                fold[used++] = ' ';
                plain[used - 1] = '\n';
                at++;
            }
        } else {
            plain[used - 1] = spelt[code];
        }
        fold[used++] = table[code];
    }
    fold[used++] = ' ';
    return (Py_ssize_t)used;
}

static int begins_with(const uint8_t *text, const Token *token, const uint8_t *stem, uint32_t length) {
    return (token->end & ~DIGIT) - token->start >= length && !memcmp(text + token->start, stem, length);
}

/* Tell whether words that begin with some stems, or with two of them in a row, stand in a text. */
static int talks(const uint8_t *text, const Token *tokens, size_t count, const Stems *stems, size_t most) {
    uint32_t seconds[32] = {0};   /* for each first letter the second ones */
    for (size_t n = 0; n < most; n++) seconds[stems[n].first[0] & 31] |= 1u << (stems[n].first[1] & 31);
    for (size_t n = 0; n < count; n++) {
        const uint8_t *word = text + tokens[n].start;
        if (!(seconds[word[0] & 31] >> (word[1] & 31) & 1)) continue;
        for (size_t which = 0; which < most; which++) {
            const Stems *one = stems + which;
            if (!begins_with(text, tokens + n, one->first, one->first_length)) continue;
            if (!one->second_length) return 1;
            if (n + 1 < count && begins_with(text, tokens + n + 1, one->second, one->second_length)) return 1;
        }
    }
    return 0;
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

static int is_stems(const Py_buffer *stems) {
    if (stems->len % (Py_ssize_t)sizeof(Stems) || (uintptr_t)stems->buf % 4) return 0;
    for (Py_ssize_t n = 0; n < stems->len / (Py_ssize_t)sizeof(Stems); n++) {
        const Stems *one = (const Stems *)stems->buf + n;
        if (one->first_length < 2 || one->first_length > 16 || one->second_length > 16) return 0;
    }
    return 1;
}

/* Tell that nothing can come of a text: no form that needs no other mention may stand there, and no word begins with
   one of the stems. False where that is not plain: unusual characters, or letters of other scripts where asked. */
static PyObject *tables_quiet(PyObject *self, PyObject *args) {
    Tables *t = (Tables *)self;
    PyObject *object;
    Py_buffer stems;
    int scripts, quiet = 0;
    if (!PyArg_ParseTuple(args, "Uy*p:quiet", &object, &stems, &scripts)) return NULL;
    Py_ssize_t size;
    const char *text = PyUnicode_AsUTF8AndSize(object, &size);
    int sound = is_stems(&stems);
    if (!text || !sound || size >= DIGIT - 2) {
        PyErr_Clear();   /* lone surrogates */
        PyBuffer_Release(&stems);
        if (!sound) return PyErr_Format(PyExc_ValueError, "stems of up to sixteen bytes, in pairs");
        Py_RETURN_FALSE;
    }
    Scan s = {t, NULL, NULL, 0, NULL, 0, NULL, 0, 0, 1, 0, 0, 0, {NULL, 0, 0}};
    Token *tokens = NULL;
    uint8_t *fold = NULL;
    int failed = 0;
    Py_BEGIN_ALLOW_THREADS
    fold = malloc(2 * (size_t)size + 4);
    s.present = calloc(t->width, 8);
    failed = !fold || !s.present;
    Py_ssize_t length = failed ? -1 : fold_text(t, (const uint8_t *)text, (size_t)size, fold,
                                              fold + size + 2);
    if (length > 0 && !(scripts && memchr(fold, 0xFF, (size_t)length))) {
        Py_ssize_t count = cut(t, fold, (size_t)length, &tokens);
        failed = count < 0;
        if (!failed && !talks(fold, tokens, (size_t)count, stems.buf, (size_t)stems.len / sizeof(Stems))) {
            s.fold = fold;
            s.plain = fold + size + 2;
            s.size = (size_t)length;
            s.tokens = tokens;
            s.count = (size_t)count;
            s.spaced = has_long_row(s.plain, (size_t)length - 2);
            failed = walk(&s, at_literal);
            quiet = !failed && !s.opens;
        }
    }
    free(fold);
    free(tokens);
    free(s.present);
    free(s.found.data);
    Py_END_ALLOW_THREADS
    PyBuffer_Release(&stems);
    if (failed) return PyErr_NoMemory();
    return PyBool_FromLong(quiet);
}

/* Tell whether words that begin with stems stand in a folded text. */
static PyObject *tables_talks(PyObject *self, PyObject *args) {
    Tables *t = (Tables *)self;
    Py_buffer fold, tokens, stems;
    PyObject *result = NULL;
    if (!PyArg_ParseTuple(args, "y*y*y*:talks", &fold, &tokens, &stems)) return NULL;
    Scan s = {t, fold.buf, NULL, (size_t)fold.len, tokens.buf, (size_t)tokens.len / sizeof(Token), NULL, 0, 0, 0, 0,
              0, 0, {NULL, 0, 0}};
    if (!is_tokens(&s, &tokens) || !is_stems(&stems)) PyErr_SetString(PyExc_ValueError, "words of another text");
    else result = PyBool_FromLong(talks(s.fold, s.tokens, s.count, stems.buf, (size_t)stems.len / sizeof(Stems)));
    PyBuffer_Release(&fold);
    PyBuffer_Release(&tokens);
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

/* Return the filter of bits for the keys of a map: one of eight or more that are set for each. */
static PyObject *make_filter(PyObject *self, PyObject *args) {
    Py_buffer keys;
    (void)self;
    if (!PyArg_ParseTuple(args, "y*:filter", &keys)) return NULL;
    size_t count = (size_t)keys.len / 8;
    uint32_t size = 8;
    while (size < count && size < 1u << 27) size *= 2;
    PyObject *result = NULL;
    uint8_t *bits = calloc(size, 1);
    for (size_t n = 0; bits && n < count; n++) {
        uint64_t key;
        memcpy(&key, (const uint8_t *)keys.buf + 8 * n, 8);
        uint32_t bit = (uint32_t)(mixed(key) >> 32) & (8 * size - 1);
        bits[bit >> 3] |= (uint8_t)(1 << (bit & 7));
    }
    if (bits) result = PyBytes_FromStringAndSize((const char *)bits, size);
    else PyErr_NoMemory();
    free(bits);
    PyBuffer_Release(&keys);
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
            uint64_t last;
            uint32_t at = hash_of(word, end - start, (size_t)words.len - start, &last) & (size - 1);
            while (slots[at].id) at = (at + 1) & (size - 1);
            slots[at].id = (uint32_t)n + 1;
            slots[at].last = last;
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
    {"words", tables_words, METH_VARARGS, "words(fold) -> the words of a folded text: start, end and number of each."},
    {"triggers", tables_triggers, METH_VARARGS, "triggers(fold, words, plain, wide, any) -> what may be a mention."},
    {"cues", tables_cues, METH_VARARGS, "cues(fold, words, plain, wide, any) -> what may be a cue."},
    {"talks", tables_talks, METH_VARARGS, "talks(fold, words, stems) -> whether a word begins as one of the stems."},
    {"quiet", tables_quiet, METH_VARARGS, "quiet(text, stems, scripts) -> whether nothing can come of a text."},
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

static int fill(PyObject *module) {
    PyObject *type = PyType_FromModuleAndSpec(module, &tables_spec, NULL);
    if (!type) return -1;
    int failed = PyModule_AddObjectRef(module, "Tables", type) || PyModule_AddIntConstant(module, "version", VERSION);
    Py_DECREF(type);
    return failed;
}

static PyMethodDef methods[] = {
    {"map", make_map, METH_VARARGS, "map(keys, values, others) -> a table of 64-bit keys."},
    {"filter", make_filter, METH_VARARGS, "filter(keys) -> a filter of bits for the keys of a table."},
    {"words", make_words, METH_VARARGS, "words(bytes, offsets) -> a table of words."},
    {NULL, NULL, 0, NULL},
};
static PyModuleDef_Slot slots[] = {{Py_mod_exec, fill}, {0, NULL}};
static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, "annotator.core.scan", "The compiled core; see the head of its source.", 0, methods, slots,
    NULL, NULL, NULL,
};

PyMODINIT_FUNC PyInit_scan(void) { return PyModuleDef_Init(&definition); }
