/* Names on lists: which forms of an index stand in a text, in one pass over its bytes.
 *
 * Built against the limited API of Python 3.11. The counterpart in Python, which serves where there is no compiler and
 * which the tests hold this against, is `lists/names/index.py` (`NameIndex.find`) with `lists/names/spelling.py`.
 *
 * An index is checked when it is opened: every section lies within it. What a bucket says of its records is checked at
 * each lookup, since they are many. No static buffers, no global state: threads may share what is opened.
 */
#include "common.h"

#define VERSION 1   /* of what `lists/names/index.py` expects; to be changed with it */
enum { PARTICLE = 1, SERVANT = 2, FAITH = 4, SMALL = 8, STANDS = 16 };   /* of a word of the vocabulary */
enum { WORDS = 1, SMALLS = 2 };                                          /* of bytes: of words, letters that are small */
enum { TOLD = 1, ALONE = 2, BEGINS = 4, GOES_ON = 8 };   /* of a word: whether it is a name, or may be, or begin one */
enum { EVERY, PEOPLE, MORE };                                            /* entries that count; see `index.py` */
#define REACH 600         /* how far behind its first word a name may end */
#define MOST_WORDS 16
#define MOST_JOINED 3     /* readings of the same words */
#define LONGEST_KEY 255
#define ROOM 3072         /* for what the words within reach may be spelt as */
#define LONGEST_WORD 640  /* of the words within reach, made one */
#define KEPT 28           /* the longest word that is kept, and its longest spelling */
#define MOST_KEPT 4095    /* words, less one */
#define SHORT_TEXT 65536  /* for which Python waits */
#define LONGEST_PARTICLE 5
#define LONG_WORD 20      /* letters and digits: an address */
#define STOPPED 4         /* the longest word that a full stop may shorten within a name */

typedef struct { uint32_t at, hash; uint8_t length, stands, flags; } Known;   /* `stands`: behind the word */

typedef struct {
    PyObject_HEAD
    Known *words;             /* by hash; a length of 0 where none is */
    uint32_t mask;
    uint8_t *bytes;
    uint8_t *folds, *plains;  /* what each code point is folded and spelt to, 1 where that takes more than a table */
    uint32_t most;            /* code points of these tables */
    uint32_t crc[256];
    uint8_t kinds[256];       /* of bytes: WORDS, SMALLS */
} Speller;

/* What was told of a word that stood in the text before. */
typedef struct {
    uint32_t hash, crc, record;
    uint8_t length, size, flags, left_out, begins, letters[KEPT], normal[KEPT];
} Kept;

typedef struct {
    PyObject_HEAD
    Speller *speller;
    Kept *kept;               /* of texts that are looked through while Python waits */
    Py_buffer buffer;
    int held;
    const uint8_t *pairs, *offsets, *records;
    uint32_t pair_mask, bucket_mask;
    size_t records_size;
} Index;

static int is_small(uint8_t c) { return c >= 'a' && c <= 'z'; }
static int is_capital(uint8_t c) { return c >= 'A' && c <= 'Z'; }
static int is_digit(uint8_t c) { return c >= '0' && c <= '9'; }
static int is_letter(uint8_t c) { return is_small(c | 0x20); }
static int in_word(uint8_t c) { return is_letter(c) || is_digit(c); }
static int is_vowel(uint8_t c) { return c == 'a' || c == 'e' || c == 'i' || c == 'o' || c == 'u'; }

/* -- spelling ----------------------------------------------------------------------------------------------------- */

static uint32_t hash_of(const uint8_t *word, size_t length) {
    uint32_t hash = 2166136261u;
    for (size_t n = 0; n < length; n++) hash = (hash ^ word[n]) * 16777619u;
    return hash ^ hash >> 15;
}

static const Known *known_by(const Speller *s, uint32_t hash, const uint8_t *word, size_t length) {
    uint32_t at = hash & s->mask;
    while (s->words[at].length) {
        const Known *one = &s->words[at];
        if (one->hash == hash && one->length == length && !memcmp(s->bytes + one->at, word, length)) return one;
        at = (at + 1) & s->mask;
    }
    return NULL;
}

static int flags_of(const Speller *s, const uint8_t *word, size_t length) {
    const Known *found = known_by(s, hash_of(word, length), word, length);
    return found ? found->flags : 0;
}

/* Letters that are spelt in another way, in order. */
typedef struct { uint8_t size; const char *letters; } Ending;
typedef struct { uint8_t size, more; const char *old, *now; } Spelt;
static const Spelt LETTERS[] = {
    {4, 2, "tsch", "ch"}, {3, 2, "tch", "ch"}, {2, 1, "ph", "f"}, {2, 1, "ck", "k"}, {2, 1, "kh", "h"},
    {2, 1, "gh", "k"}, {2, 1, "dj", "j"}, {2, 1, "dh", "d"}, {3, 2, "eev", "ev"}, {2, 1, "oo", "u"}, {2, 1, "ou", "u"},
    {2, 1, "ee", "i"}, {1, 1, "q", "k"}, {2, 1, "ks", "x"}, {2, 2, "ju", "yu"}, {2, 2, "ja", "ya"}, {2, 2, "iu", "yu"},
    {3, 2, "iya", "ya"}, {2, 2, "ia", "ya"}, {2, 1, "yo", "e"}, {2, 1, "jo", "e"}, {3, 2, "iye", "ie"},
    {3, 2, "yye", "ie"},
};
static const Ending SERVED[] = {
    {2, "ul"}, {2, "el"}, {2, "al"}, {2, "ol"}, {2, "ur"}, {2, "er"}, {2, "ar"}, {2, "us"}, {2, "as"}, {3, "oul"},
    {1, "o"}, {1, "u"}, {1, "e"},
};
static const Ending AT_END[] = {
    {2, "iy"}, {2, "yy"}, {2, "ii"}, {2, "ij"}, {2, "yi"}, {2, "yj"}, {2, "ey"}, {2, "ei"}, {2, "ej"}, {2, "ie"},
};
static const Ending FATHERS[] = {
    {5, "ovich"}, {5, "evich"}, {5, "ovych"}, {5, "evych"}, {4, "ovna"}, {4, "evna"}, {4, "ivna"}, {5, "ichna"},
    {5, "avich"}, {4, "avna"}, {4, "auna"}, {4, "ogly"}, {4, "oglu"}, {4, "kyzy"}, {3, "uly"},
};
#define COUNT(rows) (sizeof(rows) / sizeof(*(rows)))

static uint32_t letters_in(const uint8_t *word, size_t length) {
    uint32_t found = 0;
    for (size_t n = 0; n < length; n++) found |= 1u << (word[n] - 'a');
    return found;
}

static int ends(const uint8_t *word, size_t length, size_t size, const char *with) {
    if (length < size) return 0;
    for (size_t n = 1; n <= size; n++)
        if (word[length - n] != (uint8_t)with[size - n]) return 0;
    return 1;
}

/* Replace some letters wherever they stand by others that are no more of them. Returns the new length. */
static size_t replaced(uint8_t *word, size_t length, const Spelt *spelt) {
    size_t to = 0;
    for (size_t at = 0; at < length;) {
        size_t n = 0;
        while (n < spelt->size && at + n < length && word[at + n] == (uint8_t)spelt->old[n]) n++;
        if (n == spelt->size) {
            for (n = 0; n < spelt->more; n++) word[to++] = (uint8_t)spelt->now[n];
            at += spelt->size;
        } else {
            word[to++] = word[at++];
        }
    }
    return to;
}

/* Write what stands for all spellings of a word (small letters, digits, apostrophes); return its length, which is no
   more than the word's own, or that of a word of the vocabulary. `out` has room for LONGEST_WORD. */
static size_t normal(const Speller *s, const uint8_t *given, size_t size, uint8_t *out) {
    size_t length = 0;
    int letters = 1;
    for (size_t n = 0; n < size && length < LONGEST_WORD; n++) {
        if (given[n] == '\'') continue;
        letters &= is_small(given[n]);
        out[length++] = given[n];
    }
    const Known *found = known_by(s, hash_of(out, length), out, length);
    if (found && found->flags & STANDS) {
        memcpy(out, s->bytes + found->at + found->length, found->stands);
        return found->stands;
    }
    if (length < 4 || !letters) return length;
    if (ends(out, length, 3, "eff")) out[--length - 1] = 'v';
    size_t to = 1;
    for (size_t n = 1; n < length; n++)
        if (out[n] != out[to - 1] || is_vowel(out[n])) out[to++] = out[n];
    length = to;
    uint32_t has = letters_in(out, length);
    for (size_t n = 0; n < COUNT(LETTERS); n++) {
        const char *old = LETTERS[n].old;
        if (!(has >> (old[0] - 'a') & 1) || (old[1] && !(has >> (old[1] - 'a') & 1))) continue;
        length = replaced(out, length, &LETTERS[n]);
        has = letters_in(out, length);
    }
    if (length >= 6 && !memcmp(out, "abd", 3)) {
        for (size_t n = 0; n < COUNT(SERVED); n++) {
            size_t cut = SERVED[n].size;
            if (length >= 3 + cut + 3 && !memcmp(out + 3, SERVED[n].letters, cut)) {
                memmove(out + 3, out + 3 + cut, length - 3 - cut);
                length -= cut;
                break;
            }
        }
    }
    if (length >= 4 && (out[0] == 'y' || out[0] == 'j') && out[1] == 'e') memmove(out, out + 1, --length);
    to = length ? 1 : 0;
    for (size_t n = 1; n < length; n++)
        if (out[n] != out[to - 1]) out[to++] = out[n];
    length = to;
    for (size_t n = 1; n + 2 < length; n++) {
        int one = (out[n] == 'e' && (out[n + 1] == 'i' || out[n + 1] == 'y')) || (out[n] == 'a' && out[n + 1] == 'y');
        if (!one || is_vowel(out[n + 2]) || out[n + 2] == 'y') continue;
        out[n] = 'a';
        out[n + 1] = 'i';
        n++;
    }
    if (length >= 7) {
        size_t at = ends(out, length, 3, "din") ? length - 3 : ends(out, length, 4, "dine") ? length - 4 : 0;
        size_t start = at;
        if (at >= 2 && out[at - 1] == 'l' && is_vowel(out[at - 2])) start = at - 2;
        else if (at >= 1 && is_vowel(out[at - 1])) start = at - 1;
        if (start < at) {
            memcpy(out + start, "din", 3);
            length = start + 3;
        }
    }
    for (size_t n = 0; n < COUNT(AT_END); n++) {
        if (!ends(out, length, AT_END[n].size, AT_END[n].letters)) continue;
        out[length - 2] = 'i';
        return length - 1;
    }
    if (ends(out, length, 1, "y")) {
        out[length - 1] = 'i';
    } else if (ends(out, length, 3, "aia") || ends(out, length, 3, "aja")) {
        out[length - 2] = 'y';
    } else if (ends(out, length, 3, "yev") || ends(out, length, 3, "iev") || ends(out, length, 3, "yov")
               || ends(out, length, 3, "jov")) {
        out[length - 3] = 'e';
        out[length - 2] = 'v';
        length--;
    } else if (ends(out, length, 2, "ah")) {
        length--;
    }
    return length;
}

static uint32_t crc_of(const Speller *s, uint32_t crc, const uint8_t *data, size_t size) {
    crc = ~crc;
    for (size_t n = 0; n < size; n++) crc = s->crc[(crc ^ data[n]) & 0xFF] ^ crc >> 8;
    return ~crc;
}

/* Tell whether a word is an initial or a patronymic, with which a text may be more exact than a list. */
static int left_out(const uint8_t *word, size_t length) {
    if (length == 1) return 1;
    for (size_t n = 0; n < COUNT(FATHERS); n++)
        if (ends(word, length, FATHERS[n].size, FATHERS[n].letters)) return 1;
    return 0;
}

static void speller_free(PyObject *self) {
    Speller *s = (Speller *)self;
    PyTypeObject *type = Py_TYPE(self);
    free(s->words);
    free(s->bytes);
    free(s->folds);
    ((freefunc)PyType_GetSlot(type, Py_tp_free))(self);
    Py_DECREF(type);
}

/* A vocabulary is one block of bytes; of each word: its length, its flags, the length of what stands for it, both. With
   it the tables by which characters are folded and spelt; see `folding.tables`. */
static PyObject *speller_new(PyTypeObject *type, PyObject *args, PyObject *kwargs) {
    Py_buffer given, folds, plains;
    (void)kwargs;
    if (!PyArg_ParseTuple(args, "y*y*y*:Speller", &given, &folds, &plains)) return NULL;
    const uint8_t *data = given.buf;
    size_t size = (size_t)given.len, count = 0, at = 0, most = (size_t)folds.len;
    Speller *s = NULL;
    while (at + 3 <= size && data[at] && at + 3 + data[at] + data[at + 2] <= size) {
        at += 3 + (size_t)data[at] + data[at + 2];
        count++;
    }
    if (at != size || size > (1u << 24) || most > 0x110000 || (size_t)plains.len != most) {
        PyErr_SetString(PyExc_ValueError, "not a vocabulary");
        goto done;
    }
    s = (Speller *)((allocfunc)PyType_GetSlot(type, Py_tp_alloc))(type, 0);
    if (!s) goto done;
    uint32_t room = 16;
    while (room < 2 * count + 2) room *= 2;
    s->mask = room - 1;
    s->words = calloc(room, sizeof(Known));
    s->bytes = malloc(size + 1);
    s->folds = malloc(2 * most + 1);
    if (!s->words || !s->bytes || !s->folds) {
        Py_DECREF(s);
        s = NULL;
        PyErr_NoMemory();
        goto done;
    }
    s->most = (uint32_t)most;
    s->plains = s->folds + most;
    memcpy(s->folds, folds.buf, most);
    memcpy(s->plains, plains.buf, most);
    memcpy(s->bytes, data, size);
    for (at = 0; at < size; at += 3 + (size_t)data[at] + data[at + 2]) {
        uint32_t slot = hash_of(data + at + 3, data[at]) & s->mask;
        while (s->words[slot].length) slot = (slot + 1) & s->mask;
        s->words[slot] = (Known){(uint32_t)at + 3, hash_of(data + at + 3, data[at]), data[at], data[at + 2], data[at + 1]};
    }
    for (uint32_t n = 0; n < 256; n++) {
        uint32_t value = n;
        for (int bit = 0; bit < 8; bit++) value = value >> 1 ^ (value & 1 ? 0xEDB88320u : 0);
        s->crc[n] = value;
        s->kinds[n] = (uint8_t)((in_word((uint8_t)n) ? WORDS : 0) | (is_small((uint8_t)n) ? SMALLS : 0));
    }
done:
    PyBuffer_Release(&given);
    PyBuffer_Release(&folds);
    PyBuffer_Release(&plains);
    return (PyObject *)s;
}

static PyObject *speller_normal(PyObject *self, PyObject *args) {
    Py_buffer word;
    if (!PyArg_ParseTuple(args, "y*:normal", &word)) return NULL;
    uint8_t out[LONGEST_WORD];
    size_t size = (size_t)word.len;
    PyObject *result = NULL;
    int fits = size <= LONGEST_WORD;
    for (size_t n = 0; fits && n < size; n++) {
        uint8_t c = ((const uint8_t *)word.buf)[n];
        fits = is_small(c) || is_digit(c) || c == '\'';
    }
    if (!fits) PyErr_SetString(PyExc_ValueError, "a word of small letters, digits and apostrophes");
    else {
        size_t length = normal((Speller *)self, word.buf, size, out);
        result = PyBytes_FromStringAndSize((const char *)out, (Py_ssize_t)length);
    }
    PyBuffer_Release(&word);
    return result;
}

/* -- what an index holds ------------------------------------------------------------------------------------------ */

static int holds(const Index *i, uint32_t crc) {
    uint32_t bit = crc & i->pair_mask;
    return i->pairs[bit >> 3] >> (bit & 7) & 1;
}

static uint32_t four(const uint8_t *at) {
    return (uint32_t)at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
}

/* Return where the record of a key starts among the records, or -1. */
static int64_t looked_up(const Index *i, const uint8_t *key, size_t length) {
    if (length > LONGEST_KEY) return -1;
    const uint8_t *slot = i->offsets + 8 * (size_t)(crc_of(i->speller, 0, key, length) & i->bucket_mask);
    size_t at = four(slot), end = four(slot + 4);
    if (end > i->records_size) return -1;
    while (at + 7 <= end) {
        const uint8_t *record = i->records + at;
        size_t size = record[0] | (size_t)record[1] << 8, entries = record[5] | (size_t)record[6] << 8;
        if (size < 7 + record[2] + 6 * entries || size > end - at) return -1;
        if (record[2] == length && !memcmp(record + 7, key, length)) return (int64_t)at;
        at += size;
    }
    return -1;
}

/* -- words of a text ---------------------------------------------------------------------------------------------- */

/* What is told of a word by itself: small letters, digits, apostrophes. */
typedef struct {
    const uint8_t *letters, *normal;
    Kept *kept;               /* none where it is too long */
    uint32_t crc, record;     /* of the normal form; of the name that it is */
    uint16_t length, size;
    uint8_t flags, left_out, begins;
} Word;

typedef struct {
    Kept *kept;
    uint32_t mask;
    uint8_t normal[2][LONGEST_WORD];   /* of a word that is too long to be kept, and of what it is without "'s" */
} Words;

static Word word_of(const Speller *s, Words *words, const uint8_t *letters, size_t length, int which) {
    uint32_t hash = hash_of(letters, length);
    Kept *kept = &words->kept[hash & words->mask];
    int same = kept->hash == hash && kept->length == length && length && !memcmp(kept->letters, letters, length);
    if (!same) {
        const Known *found = known_by(s, hash, letters, length);
        uint8_t *out = words->normal[which], flags = found ? found->flags : 0, left = (uint8_t)left_out(letters, length);
        size_t size = normal(s, letters, length, out);
        uint32_t crc = crc_of(s, 0, out, size);
        if (length > KEPT || size > KEPT)
            return (Word){letters, out, NULL, crc, 0, (uint16_t)length, (uint16_t)size, flags, left, 0};
        kept->hash = hash;
        kept->crc = crc;
        kept->begins = 0;
        kept->length = (uint8_t)length;
        kept->size = (uint8_t)size;
        kept->flags = flags;
        kept->left_out = left;
        memcpy(kept->letters, letters, length);
        memcpy(kept->normal, out, size);
    }
    return (Word){letters, kept->normal, kept, kept->crc, kept->record, (uint16_t)length, kept->size, kept->flags,
                  kept->left_out, kept->begins};
}

/* -- readings of the words of a text ------------------------------------------------------------------------------- */

/* Words of a name as they come, and the key of those so far, the normal forms of the words with a blank between. */
typedef struct {
    uint16_t used, words, first, second, last_at, last_size;   /* where the first two words end, the last begins */
    uint8_t person, letters, particle;
    uint8_t key[ROOM];
    uint8_t last[LONGEST_WORD];
} Row;

typedef struct {
    Row rows[MOST_JOINED], more;
    int count, has_more;
} Readings;

static void row_start(Row *row, int person) {
    row->used = row->words = row->first = row->second = row->last_at = row->last_size = 0;
    row->person = (uint8_t)person;
    row->letters = row->particle = 0;
}

static void row_copy(Row *to, const Row *from) {
    to->used = from->used;
    to->words = from->words;
    to->first = from->first;
    to->second = from->second;
    to->last_at = from->last_at;
    to->last_size = from->last_size;
    to->person = from->person;
    to->letters = from->letters;
    to->particle = from->particle;
    memcpy(to->key, from->key, from->used);
    memcpy(to->last, from->last, from->last_size);
}

static void row_ends(Row *row) {
    if (row->words == 1) row->first = row->used;
    if (row->words <= 2) row->second = row->used;
}

/* Put the normal form of a word behind the others. */
static void row_append(Row *row, const uint8_t *normal, size_t size) {
    if (row->used + size + 1 > ROOM) return;   /* not within reach */
    if (row->words) row->key[row->used++] = ' ';
    row->last_at = row->used;
    memcpy(row->key + row->used, normal, size);
    row->used = (uint16_t)(row->used + size);
    row->words++;
    row_ends(row);
}

/* Put the normal form of another word in place of the last. */
static void row_replace(const Speller *s, Row *row, const uint8_t *word, size_t length) {
    if (!row->words || row->last_at + LONGEST_WORD > ROOM) return;
    row->used = (uint16_t)(row->last_at + normal(s, word, length, row->key + row->last_at));
    row_ends(row);
}

/* Take in the next word; tell whether the key has changed. */
static int row_add(const Speller *s, Row *row, const Word *word) {
    uint8_t grown[LONGEST_WORD];
    if (row->person && word->flags & PARTICLE) {
        row->particle = 1;
        return 0;
    }
    int particle = row->particle, letter = word->length == 1 && is_small(word->letters[0]), letters = row->letters;
    row->particle = 0;
    row->letters = (uint8_t)letter;
    size_t last = row->last_size, length = word->length;
    if (letters && letter) {
        if (row->used < ROOM) row->key[row->used++] = word->letters[0];
        row_ends(row);
    } else if (row->person && last && flags_of(s, row->last, last) & SERVANT) {
        memcpy(grown, "abdul", 5);
        memcpy(grown + 5, word->letters, length);
        row_replace(s, row, grown, 5 + length);
    } else if (row->person && particle && last && word->flags & FAITH) {
        memcpy(grown, row->last, last);
        memcpy(grown + last, "uddin", 5);
        row_replace(s, row, grown, last + 5);
    } else if (row->person && word->flags & SERVANT) {
        row_append(row, (const uint8_t *)"abd", 3);
    } else {
        row_append(row, word->normal, word->size);
    }
    memcpy(row->last, word->letters, length);
    row->last_size = (uint16_t)length;
    return 1;
}

/* Make a word one with the last: "Ghorban-Ali" as "Ghorbanali". */
static void row_join(const Speller *s, Row *row, const Word *word) {
    if (row->last_size + word->length + 5 > LONGEST_WORD) return;
    memcpy(row->last + row->last_size, word->letters, word->length);
    row->last_size = (uint16_t)(row->last_size + word->length);
    row_replace(s, row, row->last, row->last_size);
}

/* Take in the next word in all readings; `changed` are those that have a new key, in order. Returns how many. */
static int take(const Speller *s, Readings *read, const Word *word, int hyphen, Row **changed) {
    int count = 0, more = 0, joined = 0;
    if (!word->left_out) {
        if (read->has_more) more = row_add(s, &read->more, word);
    } else if (!read->has_more && read->rows[0].words) {
        row_copy(&read->more, &read->rows[0]);
        read->has_more = 1;
    }
    if (hyphen && read->count < MOST_JOINED && read->rows[0].words && !(word->flags & PARTICLE)) {
        row_copy(&read->rows[read->count], &read->rows[0]);
        row_join(s, &read->rows[read->count], word);
        joined = 1;
    }
    for (int n = 0; n < read->count; n++)
        if (row_add(s, &read->rows[n], word)) changed[count++] = &read->rows[n];
    if (joined) changed[count++] = &read->rows[read->count++];
    if (more) changed[count++] = &read->more;
    return count;
}

/* Tell whether some form may begin with the words of a row; two of them may still grow together. */
static int goes_on(const Index *i, const Row *row) {
    if (row->words < 2) return 1;
    uint32_t crc = crc_of(i->speller, 0, row->key, (size_t)row->first + 1);   /* with the blank behind it */
    if (!holds(i, crc)) return 0;
    if (row->words == 2) return 1;
    return holds(i, crc_of(i->speller, crc, row->key + row->first + 1, (size_t)row->second - row->first));
}

typedef struct { uint32_t start, end, record; uint16_t words; uint8_t commas, which; } Hit;

static int is_same(const Row *one, const Row *other) {
    return one->used == other->used && !memcmp(one->key, other->key, one->used);
}

/* Put what the table has of those readings that have changed behind the hits, each key once. */
static int look(const Index *i, const Readings *read, Row *const *changed, int count, Hit hit, Bytes *found) {
    const Row *seen[MOST_JOINED + 1];
    int many = 0;
    for (int n = 0; n < count; n++) {
        const Row *row = changed[n];
        int again = !row->used;
        for (int m = 0; m < many; m++) again |= is_same(seen[m], row);
        if (again || !goes_on(i, row)) continue;
        seen[many++] = row;
        if (row->words == 1 && !holds(i, crc_of(i->speller, 0, row->key, row->used))) continue;
        int64_t record = looked_up(i, row->key, row->used);
        if (record < 0) continue;
        hit.record = (uint32_t)record;
        hit.which = row == &read->more ? MORE : row->person && !is_same(row, &read->rows[1]) ? PEOPLE : EVERY;
        if (add(found, &hit, sizeof hit)) return -1;
    }
    return 0;
}

/* -- the text ----------------------------------------------------------------------------------------------------- */

typedef struct { const uint8_t *at; size_t size; } Text;

/* Return where the word that starts at a place ends: letters and digits, with apostrophes between them. */
static size_t word_end(const uint8_t *text, size_t at, size_t end) {
    for (;;) {
        while (at < end && in_word(text[at])) at++;
        if (at + 1 < end && text[at] == '\'' && in_word(text[at + 1])) at++;
        else return at;
    }
}

static size_t blanks(const uint8_t *text, size_t at, size_t end) {
    while (at < end && text[at] == ' ') at++;
    return at;
}

/* Write the small letters of a word. */
static void lowered(uint8_t *to, const uint8_t *from, size_t length) {
    for (size_t n = 0; n < length; n++) to[n] = (uint8_t)(is_capital(from[n]) ? from[n] | 0x20 : from[n]);
}

/* Tell whether what stands between two words is a comma within a name. */
static int is_comma(const uint8_t *text, size_t at, size_t end) {
    size_t start = at;
    at = blanks(text, at, end);
    if (at - start > 2 || at == end || text[at] != ',') return 0;
    at = blanks(text, at + 1, end);
    if (at < end && (text[at] == '"' || text[at] == '\'')) at = blanks(text, at + 1, end);
    return at == end;
}

/* Tell whether what stands between two words keeps them together; a full stop only behind a short one. */
static int joins(const uint8_t *text, size_t start, size_t end, size_t last) {
    if (start == end) return 1;
    size_t at = start;
    int stop = text[at] == '.';
    if (stop && last > STOPPED) return 0;
    at = blanks(text, at + (stop ? 1 : 0), end);
    if (at < end && (text[at] == '"' || text[at] == '\'')) at = blanks(text, at + 1, end);
    if (at == end) return 1;
    if (text[start] == '-')
        return end - start == 1 || (end - start == 2 && (text[start + 1] == '"' || text[start + 1] == '\''));
    at = blanks(text, start, end);
    if (at < end && text[at] == '&') return blanks(text, at + 1, end) == end;
    return end - start == 1 ? text[start] == '/' : end - start == 2 && text[start] == ':' && text[start + 1] == ' ';
}

/* Tell whether a word is "as", "At" and the like, which are particles too. */
static int is_conjunction(const uint8_t *word, size_t length) {
    return length == 2 && (word[0] | 0x20) == 'a' && (word[1] == 's' || word[1] == 't' || word[1] == 'n');
}

/* Put the forms that start at a place behind the hits, the shortest first. */
static int forms_at(const Index *i, Text text, size_t start, Readings *read, Words *told, Bytes *found) {
    const Speller *s = i->speller;
    if (text.size - start >= 3 && text.at[start + 2] == ' ' && is_conjunction(text.at + start, 2)) return 0;
    row_start(&read->rows[0], 1);
    row_start(&read->rows[1], 0);
    read->count = 2;
    read->has_more = 0;
    size_t limit = text.size - start > REACH ? start + REACH : text.size, end = start, last = 0, at = start;
    uint8_t letters[REACH];
    Hit hit = {(uint32_t)start, 0, 0, 0, 0, 0};
    Row *changed[MOST_JOINED + 1];
    for (unsigned words = 1;; words++) {
        while (at < limit && !in_word(text.at[at])) at++;
        if (at >= limit) return 0;
        size_t stop = word_end(text.at, at, limit), length = stop - at;
        if (words > 1) {
            if (is_comma(text.at, end, at)) hit.commas = (uint8_t)(hit.commas < 2 ? hit.commas + 1 : 2);
            else if (!joins(text.at, end, at, last)) return 0;
        }
        last = length;
        lowered(letters, text.at + at, length);
        if (stop < text.size && text.at[stop] == 0xFF) return 0;   /* it goes on in letters of another script */
        Word word = word_of(s, told, letters, length, 0);
        if (words > 1 && text.at[at] > 'Z' && !(word.flags & SMALL) && text.at[at - 1] != '-') return 0;
        int hyphen = words > 1 && at - end == 1 && text.at[end] == '-';
        end = stop;
        hit.words = (uint16_t)words;
        if (length > 2 && ends(letters, length, 2, "'s")) {
            Readings *owner = read + 1;
            for (int n = 0; n < read->count; n++) row_copy(&owner->rows[n], &read->rows[n]);
            if (read->has_more) row_copy(&owner->more, &read->more);
            owner->count = read->count;
            owner->has_more = read->has_more;
            Word owned = word_of(s, told, letters, length - 2, 1);
            int count = take(s, owner, &owned, 0, changed);
            hit.end = (uint32_t)(end - 2);
            if (look(i, owner, changed, count, hit, found)) return -1;
            word = word_of(s, told, letters, length, 0);   /* what was kept of it may have made way */
        }
        int count = take(s, read, &word, hyphen, changed), on = 0;
        hit.end = (uint32_t)end;
        if (look(i, read, changed, count, hit, found)) return -1;
        if (read->rows[1].words >= MOST_WORDS) return 0;
        for (int n = 0; n < read->count && !on; n++) on = goes_on(i, &read->rows[n]);
        if (!on && !(read->has_more && goes_on(i, &read->more))) return 0;
        at = stop;
    }
}

/* Tell whether two words may be one in a list: Ghorban-Ali, Nur al-Din. */
static int may_be_one(Text text, size_t at) {
    if (at + 1 < text.size && text.at[at] == '-' && is_letter(text.at[at + 1])) return 1;
    size_t start = at;
    while (at < text.size && (text.at[at] == ' ' || text.at[at] == '-')) at++;
    if (at == start || at + 2 >= text.size || (text.at[at + 2] != ' ' && text.at[at + 2] != '-')) return 0;
    uint8_t one = text.at[at] | 0x20, two = text.at[at + 1] | 0x20;
    if (!is_letter(text.at[at]) || !is_letter(text.at[at + 1])) return 0;
    return (two == 'l' && (one == 'a' || one == 'e' || one == 'u')) || (two == 'd' && (one == 'a' || one == 'e' || one == 'u'));
}

/* Find out which names begin with a word. */
static void tell(const Index *i, Word *word) {
    if (word->begins) return;
    word->begins = TOLD;
    if (holds(i, word->crc)) {
        int64_t record = looked_up(i, word->normal, word->size);
        word->begins |= BEGINS;
        if (record >= 0) {
            word->begins |= ALONE;
            word->record = (uint32_t)record;
        }
    }
    if (holds(i, crc_of(i->speller, word->crc, (const uint8_t *)" ", 1))) word->begins |= GOES_ON;
    if (word->kept) {
        word->kept->begins = word->begins;
        word->kept->record = word->record;
    }
}

/* Tell whether the word that follows is a particle, with which two others may be one. */
static int particle_follows(const Index *i, Text text, size_t at, size_t limit) {
    uint8_t letters[LONGEST_PARTICLE];
    while (at < limit && !in_word(text.at[at])) at++;
    size_t start = at;
    while (at < limit && in_word(text.at[at]))
        if (++at - start > LONGEST_PARTICLE) return 0;
    lowered(letters, text.at + start, at - start);
    return at > start && flags_of(i->speller, letters, at - start) & PARTICLE;
}

/* Look for the forms at a place by its first two words, where that is enough: it is for most. Returns 1 where it was,
   0 where `forms_at` has to look. */
static int quick(const Index *i, Text text, size_t start, size_t end, const Word *first, Words *told, Bytes *found) {
    uint8_t letters[KEPT];
    size_t limit = text.size - start > REACH ? start + REACH : text.size, at = end;
    if (end >= limit) return 0;
    if (text.at[end] == 0xFF) return 1;
    if (text.at[end] == '-' || first->length == 1 || first->flags & (PARTICLE | SERVANT)) return 0;
    if (ends(first->letters, first->length, 2, "'s")) return 0;
    Hit hit = {(uint32_t)start, (uint32_t)end, first->record, 1, 0, EVERY};
    int alone = first->begins & ALONE, goes_on = first->begins & GOES_ON;
    uint32_t crc = first->crc;
    while (at < limit && !in_word(text.at[at])) at++;
    if (at < limit && (joins(text.at, end, at, first->length) || is_comma(text.at, end, at))) {
        size_t stop = word_end(text.at, at, limit), length = stop - at;
        if (stop == limit || length > KEPT) return 0;
        lowered(letters, text.at + at, length);
        int small = text.at[at] > 'Z' && text.at[at - 1] != '-' && !(flags_of(i->speller, letters, length) & SMALL);
        if (text.at[stop] != 0xFF && !small) {
            Word second = word_of(i->speller, told, letters, length, 1);
            if (length == 1 || second.left_out || second.flags & (PARTICLE | SERVANT | FAITH)) return 0;
            if (ends(letters, length, 2, "'s")) return 0;
            if (goes_on) {
                crc = crc_of(i->speller, crc, (const uint8_t *)" ", 1);
                crc = crc_of(i->speller, crc, second.normal, second.size);
                crc = crc_of(i->speller, crc, (const uint8_t *)" ", 1);
                if (holds(i, crc) || text.at[stop] == '-' || particle_follows(i, text, stop, limit)) return 0;
            }
        }
    }
    return alone && add(found, &hit, sizeof hit) ? -1 : 1;
}

/* Look for the forms at a place, if any may begin with its first word, or with what that makes with the next. */
static int look_at(const Index *i, Text text, size_t start, size_t end, Readings *read, Words *told, Bytes *found) {
    uint8_t letters[REACH];
    size_t length = end - start;
    if (length <= REACH) {
        lowered(letters, text.at + start, length);
        Word bare = word_of(i->speller, told, letters, length > 2 && ends(letters, length, 2, "'s") ? length - 2 : length, 0);
        tell(i, &bare);
        if (bare.length > 1 && !(bare.flags & (PARTICLE | SERVANT)) && !(bare.begins & (BEGINS | GOES_ON))
            && !may_be_one(text, end)) return 0;
        int done = bare.length == length ? quick(i, text, start, end, &bare, told, found) : 0;
        if (done) return done < 0 ? -1 : 0;
    } else if (!may_be_one(text, end)) {
        return 0;
    }
    return forms_at(i, text, start, read, told, found);
}

/* Go through a text: wherever a name could begin, look for forms. */
static int walk(const Index *i, Text text, Readings *read, Words *told, Bytes *found) {
    const uint8_t *kinds = i->speller->kinds, *letters = text.at;
    size_t at = 0, size = text.size;
    while (at < size) {
        if (!(kinds[letters[at]] & WORDS)) {
            at++;
            continue;
        }
        size_t start = at;
        while (at < size && kinds[letters[at]] & WORDS) at++;
        if (start && (letters[start - 1] == '\'' || letters[start - 1] == 0xFF)) continue;
        size_t length = at - start;
        if (!(kinds[letters[start]] & SMALLS)) {
            at = word_end(letters, at, size);
        } else if (length < LONG_WORD) {
            if (length > LONGEST_PARTICLE || at >= size || (letters[at] != ' ' && letters[at] != '-')) continue;
            if (is_conjunction(letters + start, length)) continue;
            if (!(flags_of(i->speller, letters + start, length) & PARTICLE)) continue;
            size_t next = at;
            while (next < size && (letters[next] == ' ' || letters[next] == '-')) next++;
            if (next >= size || !is_capital(letters[next])) continue;
        }
        if (look_at(i, text, start, at, read, told, found)) return -1;
    }
    return 0;
}

static void index_free(PyObject *self) {
    Index *i = (Index *)self;
    PyTypeObject *type = Py_TYPE(self);
    if (i->held) PyBuffer_Release(&i->buffer);
    free(i->kept);
    Py_XDECREF((PyObject *)i->speller);
    ((freefunc)PyType_GetSlot(type, Py_tp_free))(self);
    Py_DECREF(type);
}

static int is_power(unsigned long long n) { return n >= 8 && n <= 1ull << 32 && !(n & (n - 1)); }

/* The sections are given by where they start, and how large they are: in bits, in buckets, in bytes. */
static PyObject *index_new(PyTypeObject *type, PyObject *args, PyObject *kwargs) {
    PyObject *object, *speller_type;
    Speller *speller;
    unsigned long long pairs, bits, offsets, buckets, records, size;
    (void)kwargs;
    if (!PyArg_ParseTuple(args, "OOKKKKKK:Index", &speller, &object, &pairs, &bits, &offsets, &buckets, &records, &size))
        return NULL;
    PyObject *module = PyType_GetModule(type);
    speller_type = module ? PyObject_GetAttrString(module, "Speller") : NULL;
    if (!speller_type) return NULL;
    int fits = PyObject_IsInstance((PyObject *)speller, speller_type);
    Py_DECREF(speller_type);
    if (fits <= 0) return fits ? NULL : PyErr_Format(PyExc_TypeError, "a Speller comes first");
    Index *i = (Index *)((allocfunc)PyType_GetSlot(type, Py_tp_alloc))(type, 0);
    if (!i) return NULL;
    i->speller = speller;
    Py_INCREF((PyObject *)speller);
    if (PyObject_GetBuffer(object, &i->buffer, PyBUF_SIMPLE)) {
        Py_DECREF(i);
        return NULL;
    }
    i->held = 1;
    i->kept = calloc(MOST_KEPT + 1, sizeof(Kept));
    if (!i->kept) {
        Py_DECREF(i);
        return PyErr_NoMemory();
    }
    unsigned long long most = (unsigned long long)i->buffer.len;
    if (!is_power(bits) || !is_power(buckets) || pairs > most || bits / 8 > most - pairs || offsets > most
        || buckets > (most - offsets) / 8 || records > most || size > most - records || size > UINT32_MAX) {
        Py_DECREF(i);
        return PyErr_Format(PyExc_ValueError, "damaged");
    }
    const uint8_t *data = i->buffer.buf;
    i->pairs = data + pairs;
    i->pair_mask = (uint32_t)(bits - 1);
    i->offsets = data + offsets;
    i->bucket_mask = (uint32_t)(buckets - 1);
    i->records = data + records;
    i->records_size = (size_t)size;
    return (PyObject *)i;
}

/* Return what stands in a text; while a short one is looked through Python waits, and words are kept for the next. */
static PyObject *found_in(const Index *i, Text text) {
    Bytes found = {NULL, 0, 0};
    Words told = {i->kept, MOST_KEPT, {{0}}};
    PyObject *result = NULL;
    if (text.size >= UINT32_MAX - REACH) return PyErr_Format(PyExc_OverflowError, "a text of 4 GB or more");
    Readings *read = malloc(2 * sizeof(Readings));
    int failed = !read;
    if (!failed && text.size <= SHORT_TEXT) {
        failed = walk(i, text, read, &told, &found);
    } else if (!failed) {
        Py_BEGIN_ALLOW_THREADS
        told.kept = calloc(MOST_KEPT + 1, sizeof(Kept));
        failed = !told.kept || walk(i, text, read, &told, &found);
        free(told.kept);
        Py_END_ALLOW_THREADS
    }
    free(read);
    if (failed) PyErr_NoMemory();
    else result = PyBytes_FromStringAndSize(found.data ? (const char *)found.data : "", (Py_ssize_t)found.used);
    free(found.data);
    return result;
}

static PyObject *index_find(PyObject *self, PyObject *args) {
    Py_buffer plain;
    if (!PyArg_ParseTuple(args, "y*:find", &plain)) return NULL;
    PyObject *result = found_in((const Index *)self, (Text){plain.buf, (size_t)plain.len});
    PyBuffer_Release(&plain);
    return result;
}

/* Spell a text in UTF-8 in ASCII as `folding.Folded.plain` does; -1 where that takes more than a table, or where
   letters of other scripts stand in it. */
static Py_ssize_t spelt_out(const Speller *s, const uint8_t *text, size_t size, uint8_t *plain) {
    size_t used = 0;
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
        if (code >= s->most || s->folds[code] == 1 || s->folds[code] == 0xFF) return -1;
        if (code != '\n') {
            plain[used++] = s->plains[code];
        } else if (at < size && text[at] == '\n') {   /* a line break is a blank, a blank line stays a wall */
            plain[used++] = '\n';
            plain[used++] = '\n';
            at++;
        } else {
            plain[used++] = ' ';
        }
    }
    return (Py_ssize_t)used;
}

static PyObject *index_search(PyObject *self, PyObject *args) {
    PyObject *object, *result = NULL;
    Py_ssize_t size;
    if (!PyArg_ParseTuple(args, "U:search", &object)) return NULL;
    const char *text = PyUnicode_AsUTF8AndSize(object, &size);
    if (!text) {
        PyErr_Clear();   /* lone surrogates */
        Py_RETURN_NONE;
    }
    uint8_t *plain = malloc((size_t)size + 1);
    if (!plain) return PyErr_NoMemory();
    Py_ssize_t length = spelt_out(((const Index *)self)->speller, (const uint8_t *)text, (size_t)size, plain);
    if (length >= 0) result = found_in((const Index *)self, (Text){plain, (size_t)length});
    free(plain);
    if (length >= 0) return result;
    Py_RETURN_NONE;
}

static PyMethodDef speller_methods[] = {
    {"normal", speller_normal, METH_VARARGS, "normal(word) -> what stands for all spellings of a word."},
    {NULL, NULL, 0, NULL},
};
static PyType_Slot speller_slots[] = {
    {Py_tp_doc, "A vocabulary of words that are spelt in many ways. Raises ValueError when it is none."},
    {Py_tp_new, speller_new},
    {Py_tp_dealloc, speller_free},
    {Py_tp_methods, speller_methods},
    {0, NULL},
};
static PyType_Spec speller_spec = {"annotator.core.names.Speller", sizeof(Speller), 0, Py_TPFLAGS_DEFAULT,
                                   speller_slots};
static PyMethodDef index_methods[] = {
    {"find", index_find, METH_VARARGS,
     "find(plain) -> start, end, record (three 32-bit numbers), words (16), commas, which (8) of each form found."},
    {"search", index_search, METH_VARARGS,
     "search(text) -> what `find` gives for the text spelt in ASCII; None where that takes more than a table."},
    {NULL, NULL, 0, NULL},
};
static PyType_Slot index_slots[] = {
    {Py_tp_doc, "The sections of an index of names. Raises ValueError when they do not lie within its bytes."},
    {Py_tp_new, index_new},
    {Py_tp_dealloc, index_free},
    {Py_tp_methods, index_methods},
    {0, NULL},
};
static PyType_Spec index_spec = {"annotator.core.names.Index", sizeof(Index), 0, Py_TPFLAGS_DEFAULT, index_slots};

static int fill(PyObject *module) {
    PyType_Spec *specs[] = {&speller_spec, &index_spec};
    const char *const called[] = {"Speller", "Index"};
    for (int n = 0; n < 2; n++) {
        PyObject *type = PyType_FromModuleAndSpec(module, specs[n], NULL);
        if (!type) return -1;
        int failed = PyModule_AddObjectRef(module, called[n], type);
        Py_DECREF(type);
        if (failed) return -1;
    }
    return PyModule_AddIntConstant(module, "version", VERSION);
}

static PyModuleDef_Slot slots[] = {{Py_mod_exec, fill}, {0, NULL}};
static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, "annotator.core.names", "Names on lists, found; see the head of its source.", 0, NULL,
    slots, NULL, NULL, NULL,
};

PyMODINIT_FUNC PyInit_names(void) { return PyModuleDef_Init(&definition); }
