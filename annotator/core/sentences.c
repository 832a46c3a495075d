/* Sentences cut into tokens, what each is settled, and noun and verb groups made of them, over arrays of integers.
 *
 * Built against the limited API of Python 3.11. Everything here has a counterpart in Python (`statements/tokenizer.py`,
 * `tagging.py`, `chunks.py`), which serves where there is no compiler and which the tests hold this against: a change of
 * the grammar is made there, and here. What a word is (entries of the lexicon, kinds of other words, the sets of words
 * that the grammar asks for) comes from Python, once for each word; see `statements/compiled.py`.
 *
 * What is known of words belongs to a `Vocabulary`. It is changed with Python's lock held only, and records stay where
 * they are while a sentence is read; so threads may share it. No static buffers, no global state.
 */
#include "common.h"
#include <structmember.h>
#include <stddef.h>

#define VERSION 1   /* of what `__init__.py` expects */
#define MOST_TOKENS 400
#define ROOM (MOST_TOKENS + 4)
#define MOST_KEPT (1u << 16)         /* texts of words, */
#define MOST_BYTES_KEPT (1u << 23)   /* and bytes of them */
#define LONGEST (1u << 30)   /* of a word, in bytes: no sentence is longer */
#define LONGEST_FORM 255     /* of one that may end with "-not" */
#define PADDING 8   /* entries beyond either end of the lists of neighbours */

/* What a token is: `words.NAMES`, in the same order. */
enum {
    NOUN, NAME, ADJECTIVE, DETERMINER, NUMBER, PRONOUN, VERB, BE, HAVE, DO, MODAL, NOT, ADVERB, PREPOSITION, TO,
    AND, SUBORDINATOR, RELATIVE, POSSESSIVE, HYPHEN, COMMA, BREAK, QUOTE, OPEN, CLOSE, STOP, DATE,
    ACTOR, MEASURE, BODY, INSTRUMENT, THING, GOODS, OFFICE, ORGAN, FALSEHOOD, FALSELY, WISH, FIGURATIVE, PARTIAL,
    CEASED, PART, PREDICATE, TAGS
};
#define TAG_NAMES \
    "noun name adjective determiner number pronoun verb be have do modal not adverb preposition to and subordinator " \
    "relative possessive hyphen comma break quote open close stop date actor measure body instrument thing goods " \
    "office organ falsehood falsely wish figurative partial ceased part predicate"
#define T(tag) (1ull << (tag))
#define AMONG(tag, set) ((int)((set) >> (tag) & 1))
#define NOMINAL (T(NOUN) | T(NAME) | T(ADJECTIVE) | T(DETERMINER) | T(NUMBER) | T(ACTOR) | T(MEASURE) | T(BODY) \
    | T(INSTRUMENT) | T(THING) | T(GOODS) | T(OFFICE) | T(ORGAN) | T(POSSESSIVE) | T(HYPHEN) | T(FALSEHOOD) | T(WISH) \
    | T(DATE) | T(PART))
#define HEADS (NOMINAL & ~(T(DETERMINER) | T(NUMBER) | T(ADJECTIVE) | T(POSSESSIVE) | T(HYPHEN)))
#define AUXILIARIES (T(BE) | T(HAVE) | T(DO) | T(MODAL))
#define STARTS_GROUP (T(DETERMINER) | T(NUMBER) | T(NAME) | T(ACTOR) | T(PRONOUN))

/* Kinds of chunks: `chunks.py`, in the same order. */
enum { GROUP, VERBS, PREP, JOIN, SUB, REL, COMMAS, BREAKS, QUOTES, ADVERBS, DATES, OPENS, CLOSES, STOPS };

/* Sets of words that the grammar asks for, each by its bit; Python says which words are in them. */
enum {
    M_CLOSED, M_NEIGHBOURS, M_OPENER, M_MONTH, M_TITLE, M_CALENDAR, M_NUMBER_SIGN, M_NO_SIGN, M_MAKER, M_BEFORE_MAY,
    M_HYPHEN, M_OPENING, M_CLOSING, M_JOINS_NUMBERS, M_MAY, M_APOSTROPHE,
    M_THAT, M_BECAUSE, M_OF, M_SUBJECT, M_TO, M_NO, M_CALLS, M_CALLED, M_TAKES_TO, M_PLURAL, M_POINTING, M_DESCRIBING,
    M_STANDING, M_BEHIND_PARTICIPLE, M_CLEFT, M_SAYING, M_FEW, M_PREFIX, M_DONE, M_LONE, M_BY, M_WHOSE,
    M_GIVEN,   /* from here on: seen from the letters */
    M_S = M_GIVEN, M_SS, M_LY, M_ING, M_DIGIT, M_YEAR, M_SHORT_NUMBER, M_SLASH, M_SEVERAL
};
#define MARK_NAMES \
    "closed neighbours opener month title calendar number_sign no_sign maker before_may hyphen opening closing " \
    "joins_numbers may apostrophe that because of subject to no calls called takes_to plural pointing describing " \
    "standing behind_participle cleft saying few prefix done lone by whose"
#define M(mark) (1ull << (mark))
#define IS(flags, mark) ((int)((flags) >> (mark) & 1))
#define LETTER(c) (1u << ((c) - 'a'))

/* Of a value or form: the first are sets that Python gives. */
enum {
    S_EITHER = 1, S_TRANSITIVE = 2, S_EXPIRE = 4, S_GIVEN = 7, S_SAY = 8, S_STAND = 16, S_OTHER = 32, S_PEOPLE = 64,
    S_LEADER = 128, S_ACTING = 256, S_ADJECTIVE = 512, S_PRESENT = 1024, S_WISH = 2048, S_FIGURATIVE = 4096, S_NOT = 8192
};
#define VALUE_NAMES "either transitive expire"
enum { T_CAPITAL = 1, T_CAPITALS = 2, T_LETTER = 4 };   /* of a text as it is written */

typedef struct { uint64_t hash; uint32_t length; } Head;
typedef struct Str { Head head; PyObject *object; struct Str *bare; uint32_t letters, flags; uint8_t bytes[]; } Str;
typedef struct Entry Entry;
typedef struct {
    Head head;
    PyObject *word;
    uint64_t flags;
    Entry *entries;
    uint32_t count;
    uint8_t loaded, several;      /* several: all entries are of several words */
    uint8_t bytes[];
} Lower;
struct Entry { Lower **rest; uint32_t count; uint8_t tag, letters, numbered; Str *value, *form; };
typedef struct { int tag; Str *value, *form; } Kind;
typedef struct { Head head; PyObject *text; Lower *lower; Kind kinds[2]; uint32_t flags; uint8_t bytes[]; } Text;
/* `bytes`: of all keys; `at`: where those of a record stand. */
typedef struct { Head **slots; size_t size, used, bytes, at; } Table;

typedef struct {
    PyObject_HEAD
    uint64_t seed;
    Table strings, lowers, texts;
    PyObject *words;              /* first word -> rows of the lexicon */
    PyObject *entries, *grammar;  /* functions */
    PyObject *marks;              /* word -> marks */
    PyObject *given;              /* value or form -> its sets */
    PyObject *chunk_type;
    PyObject *empty;              /* () */
    Str *none, *be, *have, *other, *that, *figurative, *present, *perfect, *past, *duty, *passive, *active, *to, *ing,
        *finite, *participle, *base, *dash, *may;
    Py_ssize_t reading;
    void *spare;                  /* what a sentence is read in, for the next one */
} Vocabulary;

typedef struct {
    PyObject_HEAD
    PyObject *kind, *first, *last, *word, *head, *negative, *act, *form, *tense, *modal, *voice, *pronoun, *actors,
        *measures, *goods, *things, *names, *instruments;
} Chunk;

/* One chunk while a sentence is read; `told` are the sorts of tokens that it keeps (bits of tags). */
typedef struct {
    int kind, first, last, head, word, negative, pronoun;
    uint64_t told;
    Str *act, *form, *tense, *modal, *voice;
} Piece;

/* One sentence while it is read. */
typedef struct {
    int count;                    /* of texts, then of tokens */
    int shout;
    int pieces;
    Text *texts[ROOM];
    int32_t from[ROOM], until[ROOM];
    int32_t starts[ROOM], ends[ROOM];
    PyObject *words[ROOM];        /* NULL where it is that of `lowers` */
    Lower *lowers[ROOM];
    uint64_t flags[ROOM];
    uint8_t tags[ROOM];
    uint8_t told[ROOM];           /* as what a noun group keeps a token, TAGS for not */
    Str *values[ROOM], *forms[ROOM];
    const Entry *others[ROOM];
    int32_t before[ROOM], after[ROOM];
    Piece chunks[ROOM];
} Work;

/* -- tables ------------------------------------------------------------------------------------------------------ */

static uint64_t hash_of(uint64_t seed, const uint8_t *bytes, size_t length) {
    uint64_t hash = seed ^ length * 0xD6E8FEB86659FD93ull, part;
    while (length >= 8) {
        memcpy(&part, bytes, 8);
        hash = mixed(hash ^ part);
        bytes += 8;
        length -= 8;
    }
    part = 0;
    for (size_t n = 0; n < length; n++) part |= (uint64_t)bytes[n] << (8 * n);
    return mixed(hash ^ part);
}

static Head *find(const Table *table, uint64_t hash, const uint8_t *bytes, size_t length) {
    if (!table->size) return NULL;
    size_t mask = table->size - 1, at = (size_t)hash & mask;
    for (; table->slots[at]; at = (at + 1) & mask) {
        Head *record = table->slots[at];
        if (record->hash == hash && record->length == length
            && !memcmp((const uint8_t *)record + table->at, bytes, length)) return record;
    }
    return NULL;
}

/* Return a new record of a table, all zero but for its key; it is the caller's until it is put in. */
static void *made(const Table *table, uint64_t hash, const uint8_t *bytes, size_t length) {
    if (length > LONGEST) {
        PyErr_SetString(PyExc_ValueError, "a word is too long");
        return NULL;
    }
    size_t size = table->at + length;
    Head *record = calloc(1, size < sizeof(Text) ? sizeof(Text) : size);
    if (!record) {
        PyErr_NoMemory();
        return NULL;
    }
    record->hash = hash;
    record->length = (uint32_t)length;
    memcpy((uint8_t *)record + table->at, bytes, length);
    return record;
}

static int put(Table *table, Head *record) {
    if (2 * (table->used + 1) > table->size) {
        size_t size = table->size ? 2 * table->size : 256;
        Head **slots = calloc(size, sizeof(Head *));
        if (!slots) {
            PyErr_NoMemory();
            return -1;
        }
        for (size_t n = 0; n < table->size; n++) {
            if (!table->slots[n]) continue;
            size_t at = (size_t)table->slots[n]->hash & (size - 1);
            while (slots[at]) at = (at + 1) & (size - 1);
            slots[at] = table->slots[n];
        }
        free(table->slots);
        table->slots = slots;
        table->size = size;
    }
    size_t at = (size_t)record->hash & (table->size - 1);
    while (table->slots[at]) at = (at + 1) & (table->size - 1);
    table->slots[at] = record;
    table->used++;
    table->bytes += record->length;
    return 0;
}

static void forget_str(Head *record) { Py_XDECREF(((Str *)record)->object); }
static void forget_text(Head *record) { Py_XDECREF(((Text *)record)->text); }
static void forget_lower(Head *record) {
    Lower *lower = (Lower *)record;
    Py_XDECREF(lower->word);
    for (uint32_t n = 0; n < lower->count; n++) free(lower->entries[n].rest);
    free(lower->entries);
}

static void clear(Table *table, void (*forget)(Head *)) {
    for (size_t n = 0; n < table->size; n++) {
        if (!table->slots[n]) continue;
        forget(table->slots[n]);
        free(table->slots[n]);
    }
    free(table->slots);
    table->slots = NULL;
    table->size = table->used = table->bytes = 0;
}

/* -- what is known of words -------------------------------------------------------------------------------------- */

static inline int is_small(uint8_t c) { return c >= 'a' && c <= 'z'; }
static inline int is_capital(uint8_t c) { return (c >= 'A' && c <= 'Z') || (c >= 0xC0 && c <= 0xDE && c != 0xD7); }
static inline int is_latin(uint8_t c) { return is_small(c) || (c >= 'A' && c <= 'Z'); }
static inline int is_letter(uint8_t c) { return is_latin(c) || c == 0xFF; }
static inline int is_number(uint8_t c) { return c >= '0' && c <= '9'; }
static inline int is_blank(uint8_t c) { return c == ' ' || (c >= '\t' && c <= '\r'); }
static inline int is_word(uint8_t c) { return is_latin(c) || is_number(c) || c == '_'; }
/* As Python has it of the first 256 code points. */
static inline int is_digit(uint8_t c) { return is_number(c) || c == 0xB2 || c == 0xB3 || c == 0xB9; }
static inline int is_alpha(uint8_t c) {
    return is_latin(c) || c == 0xAA || c == 0xB5 || c == 0xBA || (c >= 0xC0 && c != 0xD7 && c != 0xF7);
}
static inline int is_lower(uint8_t c) { return is_alpha(c) && !is_capital(c); }

static int is(PyObject *text, const char *expected) { return PyUnicode_CompareWithASCIIString(text, expected) == 0; }

/* Return a value or form, by its letters; `text` is a string. NULL with an error. */
static Str *str_of(Vocabulary *v, PyObject *text) {
    Py_ssize_t length;
    const char *bytes = PyUnicode_AsUTF8AndSize(text, &length);
    if (!bytes) return NULL;
    uint64_t hash = hash_of(v->seed, (const uint8_t *)bytes, (size_t)length);
    Str *found = (Str *)find(&v->strings, hash, (const uint8_t *)bytes, (size_t)length);
    if (found) return found;
    PyObject *sets = PyDict_GetItemWithError(v->given, text);
    unsigned long given = sets ? PyLong_AsUnsignedLong(sets) & S_GIVEN : 0;
    if (PyErr_Occurred()) return NULL;
    found = made(&v->strings, hash, (const uint8_t *)bytes, (size_t)length);
    if (!found) return NULL;
    for (Py_ssize_t n = 0; n < length; n++) {
        if (is_small((uint8_t)bytes[n])) found->letters |= LETTER(bytes[n]);
        else found->letters |= 1u << 31;
    }
    static const struct { const char *name; uint32_t flags; } known[] = {
        {"say", S_SAY}, {"stand", S_STAND}, {"other", S_OTHER}, {"people", S_PEOPLE}, {"adjective", S_ADJECTIVE},
        {"leader", S_LEADER | S_ACTING}, {"name", S_ACTING}, {"seat", S_ACTING}, {"organ", S_ACTING},
        {"office", S_ACTING}, {"present", S_PRESENT}, {"wish", S_WISH}, {"figurative", S_FIGURATIVE},
    };
    for (size_t n = 0; n < sizeof known / sizeof *known; n++) {
        if (is(text, known[n].name)) found->flags = known[n].flags;
    }
    found->flags |= (uint32_t)given;
    found->bare = found;
    if (length >= 4 && !memcmp(bytes + length - 4, "-not", 4)) {
        PyObject *bare = NULL;
        if (length > LONGEST_FORM) PyErr_SetString(PyExc_ValueError, "a form is too long");   /* each "-not" calls */
        else bare = PyUnicode_DecodeUTF8(bytes, length - 4, "strict");
        found->bare = bare ? str_of(v, bare) : NULL;
        Py_XDECREF(bare);
        if (!found->bare) {
            free(found);
            return NULL;
        }
        found->flags |= S_NOT;
    }
    Py_INCREF(text);
    found->object = text;
    if (put(&v->strings, &found->head)) {
        forget_str(&found->head);
        free(found);
        return NULL;
    }
    return found;
}

/* Return a lower-case word. NULL with an error. */
static Lower *lower_of(Vocabulary *v, const uint8_t *bytes, size_t length) {
    uint64_t hash = hash_of(v->seed, bytes, length);
    Lower *found = (Lower *)find(&v->lowers, hash, bytes, length);
    if (found) return found;
    found = made(&v->lowers, hash, bytes, length);
    if (!found) return NULL;
    found->word = PyUnicode_DecodeLatin1((const char *)bytes, (Py_ssize_t)length, NULL);
    if (!found->word) goto fail;
    PyObject *marks = PyDict_GetItemWithError(v->marks, found->word);
    if (marks) found->flags = PyLong_AsUnsignedLongLong(marks) & (M(M_GIVEN) - 1);
    if (PyErr_Occurred()) goto fail;
    if (length) {
        uint8_t last = bytes[length - 1];
        if (last == 's') found->flags |= M(M_S);
        if (is_digit(bytes[0])) found->flags |= M(M_DIGIT);
        if (length > 1 && last == 's' && bytes[length - 2] == 's') found->flags |= M(M_SS);
        if (length > 1 && last == 'y' && bytes[length - 2] == 'l') found->flags |= M(M_LY);
        if (length > 2 && last == 'g' && bytes[length - 2] == 'n' && bytes[length - 3] == 'i') found->flags |= M(M_ING);
        if (memchr(bytes, '/', length)) found->flags |= M(M_SLASH);
    }
    if (length == 3 || length == 4) {
        size_t n = 0;
        while (n < length && is_number(bytes[n])) n++;
        if (n == length) found->flags |= M(M_SHORT_NUMBER);
        if (n == 4 && (!memcmp(bytes, "19", 2) || !memcmp(bytes, "20", 2))) found->flags |= M(M_YEAR);
    }
    if (put(&v->lowers, &found->head)) goto fail;
    return found;
fail:
    forget_lower(&found->head);
    free(found);
    return NULL;
}

/* Return a word as it is written. NULL with an error. */
static Text *text_of(Vocabulary *v, const uint8_t *bytes, size_t length) {
    uint64_t hash = hash_of(v->seed, bytes, length);
    Text *found = (Text *)find(&v->texts, hash, bytes, length);
    if (found) return found;
    found = made(&v->texts, hash, bytes, length);
    if (!found) return NULL;
    found->kinds[0].tag = found->kinds[1].tag = -1;
    uint8_t few[64] = {0}, *small = length <= sizeof few ? few : malloc(length);
    int capitals = 0, others = 0;
    if (!small) {
        free(found);
        PyErr_NoMemory();
        return NULL;
    }
    for (size_t n = 0; n < length; n++) {
        small[n] = (uint8_t)(is_capital(bytes[n]) ? bytes[n] + 32 : bytes[n]);
        if (is_capital(bytes[n])) capitals = 1;
        else if (is_lower(bytes[n])) others = 1;
    }
    found->lower = lower_of(v, small, length);
    if (small != few) free(small);
    if (!found->lower) {
        free(found);
        return NULL;
    }
    if (length && is_capital(bytes[0])) found->flags |= T_CAPITAL;
    if (capitals && !others) found->flags |= T_CAPITALS;
    if (length > 3 && is_alpha(bytes[0])) found->flags |= T_LETTER;
    found->text = PyUnicode_DecodeLatin1((const char *)bytes, (Py_ssize_t)length, NULL);
    if (!found->text || put(&v->texts, &found->head)) {
        forget_text(&found->head);
        free(found);
        return NULL;
    }
    return found;
}

static int is_tag(long tag) { return tag >= 0 && tag < TAGS; }

/* Fill one entry from a tuple (rest, tag, value, case, form). */
static int fill_entry(Vocabulary *v, Entry *entry, PyObject *row) {
    PyObject *rest, *value, *form;
    int tag, letters;
    if (!PyArg_ParseTuple(row, "O!iUiU:entry", &PyTuple_Type, &rest, &tag, &value, &letters, &form)) return -1;
    Py_ssize_t count = PyTuple_Size(rest);
    if (!is_tag(tag) || letters < 0 || letters > 2 || count > MOST_TOKENS) {
        PyErr_SetString(PyExc_ValueError, "an entry of the lexicon is out of range");
        return -1;
    }
    entry->tag = (uint8_t)tag;
    entry->letters = (uint8_t)letters;
    entry->numbered = is(form, "numbered") ? 1 : is(form, "slashed") ? 2 : 0;
    if (!(entry->value = str_of(v, value)) || !(entry->form = str_of(v, form))) return -1;
    if (!count) return 0;
    entry->rest = calloc((size_t)count, sizeof(Lower *));
    if (!entry->rest) {
        PyErr_NoMemory();
        return -1;
    }
    entry->count = (uint32_t)count;
    for (Py_ssize_t n = 0; n < count; n++) {
        PyObject *bytes = PyUnicode_AsLatin1String(PyTuple_GetItem(rest, n));
        if (!bytes) {
            if (!PyErr_ExceptionMatches(PyExc_UnicodeEncodeError)) return -1;
            PyErr_Clear();   /* a word that no folded text holds: it equals none */
            continue;
        }
        entry->rest[n] = lower_of(v, (const uint8_t *)PyBytes_AsString(bytes), (size_t)PyBytes_Size(bytes));
        Py_DECREF(bytes);
        if (!entry->rest[n]) return -1;
    }
    return 0;
}

/* Look the entries of a word up, once. */
static int load(Vocabulary *v, Lower *lower) {
    PyObject *rows = PyDict_GetItemWithError(v->words, lower->word);
    if (!rows) {
        if (PyErr_Occurred()) return -1;
        lower->loaded = 1;
        return 0;
    }
    PyObject *list = PyObject_CallFunctionObjArgs(v->entries, rows, NULL);
    if (!list) return -1;
    Py_ssize_t count = PyList_Check(list) ? PyList_Size(list) : -1;
    Entry *entries = NULL;
    int failed = 0;
    if (count < 0 || count > 1 << 20) {
        PyErr_SetString(PyExc_TypeError, "entries are a list");
        failed = 1;
    } else if (count) {
        entries = calloc((size_t)count, sizeof(Entry));
        failed = !entries;
        if (failed) PyErr_NoMemory();
    }
    for (Py_ssize_t n = 0; n < count && !failed; n++) {
        PyObject *row = PyList_GetItem(list, n);
        if (!row || !PyTuple_Check(row)) {
            PyErr_SetString(PyExc_TypeError, "an entry is a tuple");
            failed = 1;
        } else {
            failed = fill_entry(v, &entries[n], row);
        }
    }
    Py_DECREF(list);
    if (failed || lower->loaded) {   /* or another thread was faster */
        for (Py_ssize_t n = 0; entries && n < count; n++) free(entries[n].rest);
        free(entries);
        return failed ? -1 : 0;
    }
    lower->entries = entries;
    lower->count = (uint32_t)count;
    lower->several = count > 0;
    for (Py_ssize_t n = 0; n < count; n++) lower->several &= entries[n].count > 0;
    lower->loaded = 1;
    return 0;
}

/* Ask Python what a word is that the lexicon does not hold. */
static int ask(Vocabulary *v, Text *text, int opens) {
    PyObject *answer = PyObject_CallFunctionObjArgs(
        v->grammar, text->text, text->lower->word, opens ? Py_True : Py_False, NULL);
    if (!answer) return -1;
    int tag;
    PyObject *value, *form;
    Str *a = NULL, *b = NULL;
    if (!PyTuple_Check(answer)) PyErr_SetString(PyExc_TypeError, "a kind is a tuple");
    else if (PyArg_ParseTuple(answer, "iUU:kind", &tag, &value, &form)) {
        if (!is_tag(tag)) PyErr_SetString(PyExc_ValueError, "a kind is out of range");
        else if ((a = str_of(v, value))) b = str_of(v, form);
    }
    Py_DECREF(answer);
    if (!b) return -1;
    text->kinds[opens].value = a;
    text->kinds[opens].form = b;
    text->kinds[opens].tag = tag;
    return 0;
}

/* -- tokens ------------------------------------------------------------------------------------------------------ */

static int add_text(Vocabulary *v, Work *w, const uint8_t *plain, int32_t start, int32_t end, int32_t from, int32_t until) {
    Text *text = text_of(v, plain + start, (size_t)(end - start));
    if (!text) return -1;
    w->texts[w->count] = text;
    w->from[w->count] = from;
    w->until[w->count] = until;
    w->count++;
    return 0;
}

/* Cut plain text from `at` to `end` into words and signs. */
static int cut(Vocabulary *v, Work *w, const uint8_t *plain, int32_t at, int32_t end) {
#define AT(n) ((n) < end ? plain[n] : 0)
    int letters = 0, capitals = 0;
    while (at < end && w->count <= MOST_TOKENS) {
        uint8_t c = plain[at];
        int32_t stop = at + 1, dots = 0;
        if (is_blank(c)) {
            at++;
            continue;
        }
        if (is_number(c)) {
            while (is_number(AT(stop))) stop++;
            while (stop + 1 < end && (plain[stop] == '.' || plain[stop] == ',' || plain[stop] == '/')
                   && is_number(plain[stop + 1])) {
                stop += 2;
                while (is_number(AT(stop))) stop++;
            }
            if (stop + 1 < end && (!memcmp(plain + stop, "st", 2) || !memcmp(plain + stop, "nd", 2)
                                   || !memcmp(plain + stop, "rd", 2) || !memcmp(plain + stop, "th", 2))) stop += 2;
        } else if (is_letter(c)) {
            int32_t pairs = at;
            while (pairs + 1 < end && is_latin(plain[pairs]) && plain[pairs + 1] == '.') pairs += 2;
            if (pairs - at >= 4) {
                stop = pairs;
            } else {
                while (is_letter(AT(stop))) stop++;
                while (stop + 1 < end && plain[stop] == '\'' && is_letter(plain[stop + 1])
                       && !(plain[stop + 1] == 's' && !is_word(AT(stop + 2)))) {
                    stop += 2;
                    while (is_letter(AT(stop))) stop++;
                }
                if (AT(stop) == '.') {
                    stop++;
                    dots = 1;
                }
            }
        } else if (c == '\'' && AT(at + 1) == 's' && !is_word(AT(at + 2))) {
            stop = at + 2;
        }
        if (!dots) {
            if (add_text(v, w, plain, at, stop, at, stop)) return -1;
        } else {
            Text *stem = text_of(v, plain + at, (size_t)(stop - 1 - at));
            if (!stem) return -1;
            if (IS(stem->lower->flags, M_MONTH)) {
                if (add_text(v, w, plain, at, stop - 1, at, stop)) return -1;
            } else if (stop - at > 2 && !IS(stem->lower->flags, M_TITLE)) {
                if (add_text(v, w, plain, at, stop - 1, at, stop - 1)
                    || add_text(v, w, plain, stop - 1, stop, stop - 1, stop)) return -1;
            } else if (add_text(v, w, plain, at, stop, at, stop)) {
                return -1;
            }
        }
        at = stop;
    }
#undef AT
    for (int n = 0; n < w->count; n++) {
        if (!(w->texts[n]->flags & T_LETTER)) continue;
        letters++;
        capitals += (int)(w->texts[n]->flags & T_CAPITAL);
    }
    w->shout = letters > 2 && capitals > 0.7 * letters;
    return 0;
}

#define LOW(n) (w->texts[n]->lower->flags)

static int is_month(const Work *w, int n) {
    const Text *text = w->texts[n];
    if (text->head.length != 3 || memcmp(text->bytes, "May", 3)) return 0;
    uint64_t before = n ? LOW(n - 1) : 0, after = n + 1 < w->count ? LOW(n + 1) : 0;
    return IS(before, M_BEFORE_MAY) || IS(before, M_DIGIT) || IS(after, M_DIGIT);
}

static int opens(const Work *w, int n) { return w->shout || !n || IS(LOW(n - 1), M_OPENER); }

/* Tell what a word is that the lexicon does not hold, or a closed one. */
static int kind_of(Vocabulary *v, const Work *w, int n, Kind *kind) {
    Text *text = w->texts[n];
    uint64_t flags = text->lower->flags;
    if (IS(flags, M_MAY) && is_month(w, n)) {
        kind->tag = DATE;
        kind->value = v->may;
        kind->form = v->none;
        return 0;
    }
    if (IS(flags, M_APOSTROPHE) && n && IS(LOW(n - 1), M_S)) {
        kind->tag = POSSESSIVE;
        kind->value = kind->form = v->none;
        return 0;
    }
    int first = opens(w, n);
    if (text->kinds[first].tag < 0 && ask(v, text, first)) return -1;
    *kind = text->kinds[first];
    return 0;
}

/* Tell whether a text and the one before it are letters and a number that touch. */
static int is_glued(const Work *w, int n) {
    if (n <= 0 || n >= w->count || w->until[n - 1] != w->from[n]) return 0;
    uint8_t left = w->texts[n - 1]->bytes[0], right = w->texts[n]->bytes[0];
    return is_number(right) ? is_letter(left) : is_number(left) && is_letter(right);
}

/* Return how many texts an entry takes from `n` on, 0 where it does not fit. */
static int fits(const Work *w, const Entry *entry, int n) {
    int at = n + 1;
    for (uint32_t k = 0; k < entry->count; k++) {
        const Lower *word = entry->rest[k];
        if (at < w->count && IS(LOW(at), M_HYPHEN) && !(word && IS(word->flags, M_HYPHEN))) at++;
        if (at >= w->count || w->texts[at]->lower != word) return 0;
        at++;
    }
    return at - n;
}

/* Return where an instrument ends: behind its number, its year in brackets, and numbers joined to it. */
static int to_number(const Work *w, int stop) {
    int at = stop, count = w->count;
    if (at < count && IS(LOW(at), M_NUMBER_SIGN)) at++;
    if (at + 2 < count && IS(LOW(at), M_OPENING) && IS(LOW(at + 1), M_MAKER)) {
        at += 3;
        if (at < count && IS(LOW(at), M_NO_SIGN)) at++;
    }
    if (at >= count || !IS(LOW(at), M_DIGIT)) return stop;
    at++;
    for (;;) {
        if (at + 2 < count && IS(LOW(at), M_OPENING) && IS(LOW(at + 1), M_YEAR) && IS(LOW(at + 2), M_CLOSING)) at += 3;
        else if (at + 1 < count && IS(LOW(at), M_JOINS_NUMBERS) && IS(LOW(at + 1), M_SHORT_NUMBER)
                 && !IS(LOW(at + 1), M_YEAR)) at += 2;
        else return at;
    }
}

static int has_number(const Work *w, int kind, int n) {
    if (kind == 1) {
        return n < w->count && (IS(LOW(n), M_DIGIT) || (IS(LOW(n), M_NUMBER_SIGN) && n + 1 < w->count
                                                        && IS(LOW(n + 1), M_DIGIT)));
    }
    int stop = to_number(w, n);
    for (; n < stop; n++) if (IS(LOW(n), M_SLASH)) return 1;
    return 0;
}

/* Add a token of texts `n` to `stop`; with `joined` its word is theirs, else that of the first. */
static int add_token(Work *w, int token, int n, int stop, int joined, int tag, Str *value, Str *form, const Entry *other) {
    Lower *lower = w->texts[n]->lower;
    w->starts[token] = w->from[n];
    w->ends[token] = w->until[stop - 1];
    w->words[token] = NULL;
    w->lowers[token] = lower;
    w->flags[token] = lower->flags;
    if (joined && stop > n + 1) {
        uint8_t few[256] = {0}, *bytes = few;
        size_t length = 0, at = 0;
        for (int k = n; k < stop; k++) length += w->texts[k]->lower->head.length + 1;
        if (length > sizeof few && !(bytes = malloc(length))) {
            PyErr_NoMemory();
            return -1;
        }
        for (int k = n; k < stop; k++) {
            if (k > n) bytes[at++] = ' ';
            memcpy(bytes + at, w->texts[k]->lower->bytes, w->texts[k]->lower->head.length);
            at += w->texts[k]->lower->head.length;
        }
        w->words[token] = PyUnicode_DecodeLatin1((const char *)bytes, (Py_ssize_t)at, NULL);
        if (bytes != few) free(bytes);
        if (!w->words[token]) return -1;
        w->flags[token] = (lower->flags & M(M_DIGIT)) | M(M_SEVERAL)
            | (LOW(stop - 1) & (M(M_S) | M(M_SS) | M(M_LY) | M(M_ING)));
    }
    w->tags[token] = (uint8_t)tag;
    w->values[token] = value;
    w->forms[token] = form;
    w->others[token] = other;
    return 0;
}

/* Make tokens of the texts. Returns how many, -1 with an error. */
static int tokens(Vocabulary *v, Work *w) {
    int token = 0, count = w->count, n = 0;
    for (; n < count; token++) {
        Text *text = w->texts[n];
        Lower *lower = text->lower;
        if (!lower->loaded && load(v, lower)) return -1;
        uint32_t entries = lower->count;
        Kind kind;
        if (entries && lower->several) {
            const Lower *after = n + 1 < count ? w->texts[n + 1]->lower : NULL;
            if (!(after && IS(after->flags, M_HYPHEN))) {
                uint32_t k = 0;
                while (k < entries && !(after && lower->entries[k].rest[0] == after)) k++;
                if (k == entries) entries = 0;
            }
        }
        if (entries && is_glued(w, n)) entries = 0;
        if (!entries && !IS(lower->flags, M_NEIGHBOURS)) {
            if (kind_of(v, w, n, &kind) || add_token(w, token, n, n + 1, 0, kind.tag, kind.value, kind.form, NULL)) return -1;
            n++;
            continue;
        }
        const Entry *noun = NULL, *verb = NULL;
        int length = 1;
        for (uint32_t k = 0; k < entries; k++) {
            const Entry *entry = &lower->entries[k];
            int reach = fits(w, entry, n);
            if (!reach || (noun && reach < length)) continue;
            if (!AMONG(entry->tag, T(INSTRUMENT) | T(PART)) && is_glued(w, n + reach)) continue;
            if ((entry->letters == 1 && !(text->flags & T_CAPITAL)) || (entry->letters == 2 && !(text->flags & T_CAPITALS)))
                continue;
            if (!entry->letters && entry->tag == ACTOR && n && text->flags & T_CAPITAL && n + 1 < count
                && w->texts[n + 1]->flags & T_CAPITAL && !w->shout) continue;
            if (entry->numbered && !has_number(w, entry->numbered, n + reach)) continue;
            if (reach > length) {
                noun = verb = NULL;
                length = reach;
            }
            if (entry->tag == VERB) verb = verb ? verb : entry;
            else noun = noun ? noun : entry;
        }
        int stop = n + length, failed;
        if (noun && (noun->tag == INSTRUMENT || noun->tag == PART)) stop = to_number(w, stop);
        if (length == 1 && !noun && IS(lower->flags, M_CALENDAR) && text->flags & T_CAPITAL) verb = NULL;
        int closed = IS(lower->flags, M_CLOSED);
        if ((!noun && (!verb || closed)) || (noun && length == 1 && !noun->letters && closed)) {
            if (kind_of(v, w, n, &kind)) return -1;
            if (IS(lower->flags, M_HYPHEN)
                && !(n && n + 1 < count && w->until[n - 1] == w->from[n] && w->from[n + 1] == w->until[stop - 1])) {
                kind.tag = COMMA;
                kind.value = v->dash;
            }
            if (verb && (kind.tag == NOUN || kind.tag == ADJECTIVE)) {
                kind.tag = VERB;
                kind.value = verb->value;
                kind.form = verb->form;
            }
            failed = add_token(w, token, n, stop, 0, kind.tag, kind.value, kind.form, NULL);
        } else if (!noun) {
            if (text->flags & T_CAPITAL && !opens(w, n)) {
                Str *value = str_of(v, text->text);
                failed = !value || add_token(w, token, n, stop, 0, NAME, value, v->none, NULL);
            } else {
                failed = add_token(w, token, n, stop, 1, VERB, verb->value, verb->form, NULL);
            }
        } else {
            failed = add_token(w, token, n, stop, 1, noun->tag, noun->value, noun->form, verb);
        }
        if (failed) return -1;
        n = stop;
    }
    return token;
}

/* -- what each token is ------------------------------------------------------------------------------------------ */

static inline int tag_at(const Work *w, int n) { return n >= 0 && n < w->count ? w->tags[n] : STOP; }
static inline uint64_t flags_at(const Work *w, int n) { return n >= 0 && n < w->count ? w->flags[n] : 0; }
/* As Python has it of -1: the last. */
static inline int wrapped(const Work *w, int n) { return n < 0 ? n + w->count : n; }
static inline int has(const Str *form, char letter) { return (int)(form->letters >> (letter - 'a') & 1); }
static inline int only(const Str *form, char letter) { return form->head.length == 1 && has(form, letter); }
static inline int spelt(const Str *form, const char *letters, uint32_t length) {
    return form->head.length == length && !memcmp(form->bytes, letters, length);
}
static int before_all(const Work *w, int n, uint64_t aside) {
    n--;
    while (n >= 0 && AMONG(w->tags[n], aside)) n--;
    return n;
}
static int before(const Work *w, int n) { return before_all(w, n, T(ADVERB)); }
/* The word before, what denies or softens left aside. */
static int linking(const Work *w, int n) {
    return before_all(w, n, T(ADVERB) | T(CEASED) | T(NOT) | T(FALSELY) | T(FIGURATIVE));
}
static int opens_group(const Work *w, int n) {
    return AMONG(tag_at(w, n), (NOMINAL & ~(T(POSSESSIVE) | T(HYPHEN))) | T(PRONOUN));
}

static int is_plural(const Work *w, int n) {
    if (n < 0) return 0;
    uint64_t flags = w->flags[n];
    if (w->tags[n] == ACTOR) return (w->forms[n]->flags & S_PEOPLE) || (IS(flags, M_SEVERAL) && IS(flags, M_S));
    return (IS(flags, M_S) && !IS(flags, M_SS)) || IS(flags, M_PLURAL);
}

static int plural_subject(const Work *w, int n) {
    for (int at = n - 1; at >= 0; at--) {
        int tag = w->tags[at];
        if (AMONG(tag, AUXILIARIES | T(VERB) | T(STOP) | T(BREAK) | T(SUBORDINATOR) | T(QUOTE))) return 0;
        if (tag == AND) return AMONG(w->tags[wrapped(w, at - 1)], HEADS | T(COMMA));
        if (tag == PREPOSITION || tag == TO) {
            int noun = before(w, at);
            if (noun < 0 || !AMONG(w->tags[noun], HEADS)) return 0;
            if (is_plural(w, noun)) return 1;
            at = noun;   /* as if asked of that noun */
        }
    }
    return 0;
}

static int is_attribute(const Work *w, int n) {
    const Str *form = w->forms[n];
    int doing = only(form, 'g');
    if (!has(form, 'n') && !doing) return 0;
    int left = tag_at(w, n - 1), after = tag_at(w, n + 1);
    if (left == HYPHEN) return 1;
    if (doing && AMONG(left, T(DETERMINER) | T(POSSESSIVE) | T(ADJECTIVE))
        && AMONG(after, T(PREPOSITION) | T(STOP) | T(COMMA) | T(TO) | AUXILIARIES)) return 1;
    if (!AMONG(after, T(NOUN) | T(ACTOR) | T(MEASURE) | T(THING) | T(GOODS) | T(ADJECTIVE) | T(OFFICE) | T(ORGAN)
                       | T(INSTRUMENT) | T(NAME) | T(BODY))
        && !(after == VERB && has(w->forms[n + 1], 'n') && AMONG(tag_at(w, n + 2), HEADS)))
        return left == POSSESSIVE && doing;
    if (AMONG(left, T(DETERMINER) | T(POSSESSIVE) | T(NUMBER) | T(ADJECTIVE)))
        return !(left == DETERMINER && IS(w->flags[n - 1], M_POINTING) && AMONG(after, STARTS_GROUP));
    if (AMONG(left, T(PREPOSITION) | T(NOT)) || (left == TO && !has(form, 'b'))) {
        if (doing) return IS(w->flags[n - 1], M_DESCRIBING);
        return after != NAME && !(after == ACTOR && !(w->forms[n + 1]->flags & (S_PEOPLE | S_ADJECTIVE)));
    }
    if (left == ACTOR && w->forms[n - 1]->flags & S_ADJECTIVE) return AMONG(after, HEADS);
    if (left == VERB && !doing)
        return AMONG(after, T(MEASURE) | T(THING) | T(GOODS) | T(NOUN)) && has(form, 'n') && !IS(w->flags[n - 1], M_ING);
    return 0;
}

static int is_finite(const Work *w, int n) {
    return w->tags[n] == VERB && (has(w->forms[n], 's') || (has(w->forms[n], 'd') && !is_attribute(w, n)));
}

static int finite_before(const Work *w, int n) {
    for (int at = n - 1; at >= 0; at--) {
        int tag = w->tags[at];
        if (AMONG(tag, T(STOP) | T(BREAK) | T(SUBORDINATOR) | T(RELATIVE) | T(AND) | T(COMMA) | T(QUOTE))) return 0;
        if (AMONG(tag, AUXILIARIES)) return 1;
        if (tag == VERB && !only(w->forms[at], 'g') && !(w->values[at]->flags & S_SAY) && tag_at(w, at - 1) != TO)
            return !is_plural(w, n - 1) || w->tags[n] != MEASURE;
    }
    return 0;
}

static int finite_later(const Work *w, int n) {
    for (n++; n < w->count; n++) {
        int tag = w->tags[n];
        if (AMONG(tag, T(STOP) | T(BREAK) | T(SUBORDINATOR) | T(RELATIVE) | T(AND) | T(QUOTE) | T(COMMA))) return 0;
        if (AMONG(tag, AUXILIARIES)) return 1;
        if (tag != VERB) continue;
        if (has(w->forms[n], 's') || only(w->forms[n], 'd')) return 1;
        if (has(w->forms[n], 'd') && opens_group(w, n + 1) && !is_attribute(w, n)) return 1;
    }
    return 0;
}

/* Decide behind a comma or "and": a second verb of the same subject or a noun. */
static int goes_on(const Work *w, int n, int left, const Str *form) {
    if (!AMONG(tag_at(w, n + 1), T(DETERMINER) | T(NUMBER) | T(NAME) | T(ACTOR) | T(MEASURE) | T(GOODS) | T(THING))) return 0;
    for (int at = left - 1; at >= 0 && !AMONG(w->tags[at], T(STOP) | T(BREAK) | T(SUBORDINATOR)); at--) {
        if (w->tags[at] != VERB) continue;
        uint32_t shared = form->letters & w->forms[at]->letters;
        return (shared & ~LETTER('b')) || (shared && AMONG(w->tags[wrapped(w, at - 1)], T(TO) | T(MODAL)));
    }
    return 0;
}

static int is_verb(const Work *w, int n) {
    const Str *form = w->others[n]->form;
    int left = before(w, n), tag = tag_at(w, left), after = tag_at(w, n + 1);
    int b = has(form, 'b'), s = has(form, 's'), d = has(form, 'd'), g = has(form, 'g'), past = has(form, 'n');
    uint64_t next = flags_at(w, n + 1);
    if (tag == TO) return b && !(left > 0 && IS(w->flags[left - 1], M_TAKES_TO));
    if (tag == MODAL || tag == DO) return b;
    if (tag == NOT && !IS(w->flags[left], M_NO)) return b || g || past;
    if (AMONG(tag, T(DETERMINER) | T(POSSESSIVE) | T(NUMBER) | T(ADJECTIVE) | T(HYPHEN) | T(PREPOSITION) | T(NOT)))
        return g && tag == PREPOSITION && opens_group(w, n + 1);
    if (tag == BE || tag == HAVE) return (past || g) && !(spelt(form, "bdn", 3) && AMONG(after, HEADS));
    if (tag == PRONOUN || tag == RELATIVE) return !IS(w->flags[left], M_WHOSE);
    if (tag == VERB) return 0;
    if (left < 0 || AMONG(tag, T(STOP) | T(QUOTE) | T(OPEN) | T(BREAK))) return only(form, 'g') && opens_group(w, n + 1);
    if (tag == AND && IS(w->flags[n], M_CALLS) && IS(next, M_CALLED)) return 1;
    if (tag == COMMA && only(form, 'g') && AMONG(after, T(DETERMINER) | T(NUMBER))) return 1;
    if (tag == COMMA || tag == AND) return goes_on(w, n, left, form);
    if (tag == SUBORDINATOR) return IS(w->flags[left], M_THAT) && AMONG(after, STARTS_GROUP) && s;
    if ((tag == ACTOR && w->forms[left]->flags & S_ADJECTIVE) || finite_before(w, n)) return 0;
    if (AMONG(after, AUXILIARIES) || (after == VERB && is_finite(w, n + 1))) return 0;
    const Entry *following = n + 1 < w->count ? w->others[n + 1] : NULL;
    if (following && AMONG(tag, HEADS)) {
        if (IS(w->flags[n], M_S) && has(following->form, 'b') && opens_group(w, n + 2) && !IS(next, M_S)) return 0;
        if (s || d) return !finite_later(w, n + 1);
    }
    if (AMONG(after, T(DETERMINER) | T(NUMBER) | T(NAME) | T(ACTOR) | T(PRONOUN) | T(MEASURE) | T(GOODS) | T(THING)
                      | T(ADJECTIVE) | T(INSTRUMENT) | T(NOUN))
        || (after == VERB && is_attribute(w, n + 1))) {
        int starts = form->head.length && form->bytes[0] == 'b';
        int agrees = s || d || (starts && (is_plural(w, left) || plural_subject(w, n)));
        if (AMONG(after, T(NOUN) | T(MEASURE) | T(THING) | T(GOODS) | T(OFFICE)) && !s && !d)
            return agrees && is_plural(w, left) && !finite_later(w, n + 1) && !IS(w->flags[n], M_S);
        return agrees && !finite_later(w, n + 1);
    }
    if (AMONG(after, T(TO) | T(PREPOSITION) | T(STOP) | T(COMMA) | T(ADVERB) | T(SUBORDINATOR))) {
        if (w->tags[n] == MEASURE) return 0;
        if (d && !b) return 1;
        return s && !is_plural(w, left) && AMONG(after, T(TO) | T(SUBORDINATOR)) && !finite_later(w, n + 1);
    }
    return 0;
}

static int may_stand_as_verb(const Work *w, int n) {
    const Str *form = w->forms[n];
    int left = tag_at(w, n - 1), after = tag_at(w, n + 1);
    if (AMONG(left, T(DETERMINER) | T(POSSESSIVE) | T(ADJECTIVE) | T(HYPHEN))
        || (left == ACTOR && w->forms[n - 1]->flags & S_ADJECTIVE))
        return left == DETERMINER && IS(w->flags[n - 1], M_STANDING) && after != PREPOSITION;
    if (AMONG(left, T(PREPOSITION) | T(NUMBER)) && !(left == NUMBER && has(form, 'b') && opens_group(w, n + 1))) return 0;
    if (left == TO && !has(form, 'b')) return 0;
    if (only(form, 'b') && AMONG(left, HEADS) && !is_plural(w, n - 1) && !plural_subject(w, n)) return 0;
    if (AMONG(after, AUXILIARIES) && AMONG(left, NOMINAL | T(STOP) | T(COMMA) | T(AND))) return 0;
    if (left != VERB || !(only(form, 'b') || only(form, 's'))) return 1;
    const Str *earlier = w->forms[n - 1];
    return !((only(earlier, 'd') || only(earlier, 's') || spelt(earlier, "dn", 2))
             && !(w->values[n - 1]->flags & (S_OTHER | S_SAY)));
}

static void settle_verb(const Vocabulary *v, Work *w, int n) {
    const Str *form = w->forms[n];
    (void)v;
    if (is_attribute(w, n)) {
        w->tags[n] = only(form, 'g') && !AMONG(tag_at(w, n + 1), HEADS) ? NOUN : ADJECTIVE;
    } else if (only(form, 'b') && tag_at(w, linking(w, n)) == BE) {
        w->tags[n] = ADJECTIVE;
    } else if (IS(w->flags[n], M_SUBJECT) && IS(flags_at(w, n + 1), M_TO)
               && w->values[wrapped(w, linking(w, n))]->flags & S_STAND) {
        w->tags[n] = ADJECTIVE;
    } else if ((only(form, 'b') || only(form, 's')) && !may_stand_as_verb(w, n)) {
        w->tags[n] = NOUN;
    }
}

static int clause_follows(const Work *w, int n) {
    int seen = 0;
    for (; n < w->count; n++) {
        int tag = w->tags[n];
        if (AMONG(tag, T(STOP) | T(BREAK) | T(SUBORDINATOR) | T(RELATIVE) | T(QUOTE) | T(COMMA))) return 0;
        if (AMONG(tag, AUXILIARIES)) return seen;
        if (tag == VERB) {
            const Str *form = w->forms[n];
            int participle = tag_at(w, n + 1) == PREPOSITION && IS(w->flags[n + 1], M_BEHIND_PARTICIPLE) && has(form, 'n');
            if ((has(form, 's') || has(form, 'd')) && !(seen && participle)) return seen && !is_attribute(w, n);
            if (only(form, 'g') && !seen) return 0;
        }
        if (w->others[n] && seen && is_verb(w, n)) return 1;
        if (AMONG(tag, NOMINAL | T(PRONOUN))) seen = 1;
    }
    return 0;
}

static int is_cleft(const Work *w, int n) {
    int at = n - 1;
    while (at >= 0 && AMONG(w->tags[at], NOMINAL | T(ADVERB) | T(NOT))) at--;
    return at > 0 && w->tags[at] == BE && IS(w->flags[at - 1], M_CLEFT);
}

static void settle_that(const Vocabulary *v, Work *w, int n) {
    int left = tag_at(w, n - 1), after = tag_at(w, n + 1);
    if (AMONG(left, HEADS | T(ADJECTIVE)) && is_cleft(w, n)) return;
    if (left == PREPOSITION || (left == VERB && AMONG(after, T(NOUN) | T(MEASURE) | T(INSTRUMENT) | T(BODY) | T(THING))
                                && !clause_follows(w, n + 1))) {
        w->tags[n] = DETERMINER;
        w->values[n] = v->that;
    } else if (AMONG(left, HEADS & ~(T(FALSEHOOD) | T(WISH))) && !IS(w->flags[n - 1], M_SAYING)) {
        w->tags[n] = RELATIVE;
        w->values[n] = v->that;
    }
}

static void settle(const Vocabulary *v, Work *w) {
    for (int n = 0; n < w->count; n++) {
        const Entry *other = w->others[n];
        int tag = w->tags[n];
        if (other) {
            if (is_verb(w, n)) {
                w->tags[n] = VERB;
                w->values[n] = other->value;
                w->forms[n] = other->form;
            }
            w->others[n] = NULL;
        } else if (tag == VERB) {
            settle_verb(v, w, n);
        } else if (tag == NUMBER) {
            if (tag_at(w, n + 1) == VERB && AMONG(tag_at(w, n - 1), AUXILIARIES)) w->tags[n] = ADVERB;
        } else if (tag == ADJECTIVE) {
            if (!AMONG(tag_at(w, n + 1), HEADS | T(ADJECTIVE) | T(HYPHEN)) && !AMONG(tag_at(w, n - 1), AUXILIARIES))
                w->tags[n] = NOUN;
        } else if (tag == NOUN) {
            if (tag_at(w, n - 1) == TO && !IS(w->flags[n], M_S) && !IS(flags_at(w, n - 2), M_SUBJECT)
                && AMONG(tag_at(w, n + 1), T(DETERMINER) | T(ACTOR) | T(NAME) | T(PRONOUN) | T(GOODS) | T(MEASURE)
                                            | T(NUMBER))) {
                w->tags[n] = VERB;
                w->values[n] = v->other;
                w->forms[n] = v->base;
            }
        } else if (tag == SUBORDINATOR) {
            if (w->forms[n]->flags & S_EITHER && !clause_follows(w, n + 1)) {
                w->tags[n] = PREPOSITION;
                w->values[n] = w->forms[n];
            } else if (IS(w->flags[n], M_THAT)) {
                settle_that(v, w, n);
            }
        } else if (tag == PREPOSITION && IS(w->flags[n], M_BECAUSE) && !IS(flags_at(w, n + 1), M_OF)) {
            w->tags[n] = SUBORDINATOR;
            w->values[n] = v->none;
        }
    }
}

/* -- chunks ------------------------------------------------------------------------------------------------------ */

static Piece *new_piece(const Vocabulary *v, Work *w, int kind, int first, int last) {
    Piece *piece = &w->chunks[w->pieces];
    memset(piece, 0, sizeof *piece);
    piece->kind = kind;
    piece->first = piece->word = first;
    piece->last = last;
    piece->head = last - 1;
    piece->act = piece->form = piece->tense = piece->modal = piece->voice = v->none;
    return piece;
}

static int has_do(const Work *w, int first, int last) {
    for (; first < last; first++) if (w->tags[first] == DO) return 1;
    return 0;
}

static int verb_ahead(const Work *w, int n) {
    n++;
    while (n < w->count && AMONG(w->tags[n], T(ADVERB) | T(NOT) | T(CEASED) | T(FALSELY) | T(FIGURATIVE) | T(PARTIAL))) {
        if (IS(w->flags[n], M_NO)) return 0;
        n++;
    }
    return AMONG(tag_at(w, n), T(VERB) | AUXILIARIES);
}

#define FILLED(string) ((string)->head.length > 0)

static void finish(const Vocabulary *v, const Work *w, Piece *c, int main, int be, int have, int infinitive) {
    const Str *form = main >= 0 ? w->forms[main] : v->none;
    c->act = main >= 0 ? w->values[main] : be ? v->be : have ? v->have : v->other;
    c->word = c->head;
    if (c->negative && c->modal->flags & S_WISH) {
        for (int n = c->first; n < c->last; n++) {
            if (IS(w->flags[n], M_MAY)) {
                c->modal = v->duty;
                break;
            }
        }
    }
    int helped = be || have || (FILLED(c->modal) && !(c->modal->flags & S_FIGURATIVE)) || has_do(w, c->first, c->last);
    if (be && has(form, 'n')) c->voice = v->passive;
    else if (main >= 0) c->voice = v->active;
    if (infinitive) {
        c->form = v->to;
    } else if (helped) {
        int starts = w->tags[c->first];
        c->form = IS(w->flags[c->first], M_LONE) && (starts == BE || starts == HAVE) ? v->ing : v->finite;
    } else if (only(form, 'g')) {
        c->form = v->ing;
    } else if (only(form, 'n')) {
        c->form = v->participle;
        c->voice = v->passive;
    } else if (has(form, 'd') && has(form, 'n')) {
        c->form = v->past;
    } else {
        c->form = v->finite;
    }
    if (!FILLED(c->tense) && main >= 0) c->tense = has(form, 'd') && !has(form, 'b') ? v->past : v->present;
}

/* Make the verb group that begins at `n`; 0 if none does. */
static int verbs(const Vocabulary *v, Work *w, int n) {
    int first = n, infinitive = 0, count = w->count, at = n;
    uint64_t passing = T(ADVERB) | T(CEASED) | T(NOT) | T(FALSELY) | T(FIGURATIVE);
    if (w->tags[n] == TO) {
        at = n + 1;
        while (at < count && AMONG(w->tags[at], T(ADVERB) | T(NOT))) at++;
        if (at >= count || !(AMONG(w->tags[at], T(BE) | T(HAVE)) || (w->tags[at] == VERB && has(w->forms[at], 'b')))) return 0;
        infinitive = 1;
        n++;
    } else if (AMONG(w->tags[n], passing | T(PARTIAL))) {
        while (at < count && AMONG(w->tags[at], passing)) {
            if (IS(w->flags[at], M_NO)) return 0;
            at++;
        }
        if (at >= count || !AMONG(w->tags[at], AUXILIARIES | T(VERB))) return 0;
    } else if (!AMONG(w->tags[n], AUXILIARIES | T(VERB))) {
        return 0;
    }
    Piece *c = new_piece(v, w, VERBS, first, n);
    int main = -1, be = 0, have = 0;
    for (; n < count && main < 0; n++) {
        int tag = w->tags[n];
        Str *form = w->forms[n];
        if (tag == ADVERB || tag == FALSELY) {
            if (!verb_ahead(w, n)) break;
        } else if (tag == CEASED) {
            c->negative = !c->negative;
        } else if (tag == FIGURATIVE) {
            if (!FILLED(c->modal)) c->modal = v->figurative;
        } else if (tag == NOT) {
            if (IS(w->flags[n], M_NO)) break;
            c->negative = !c->negative;
        } else if (tag == MODAL) {
            if (form->flags & S_NOT) c->negative = !c->negative;
            c->modal = form->bare;
            if (!FILLED(c->tense)) c->tense = v->present;
        } else if (AMONG(tag, T(BE) | T(HAVE) | T(DO))) {
            if (form->flags & S_NOT) c->negative = !c->negative;
            form = form->bare;
            if (tag == BE) {
                be = 1;
            } else if (tag == HAVE) {
                have = 1;
                if (form->flags & S_PRESENT && verb_ahead(w, n)) form = v->perfect;
            }
            if (!FILLED(c->tense)) c->tense = form;
        } else if (tag == VERB) {
            if ((be || have || FILLED(c->modal) || infinitive) && (only(form, 's') || only(form, 'd'))) break;
            if (be && !has(form, 'n') && !has(form, 'g')) break;
            main = n;
        } else {
            break;
        }
    }
    if (n == first + infinitive || (main < 0 && !be && !have && !FILLED(c->modal) && !has_do(w, first, n))) return 0;
    c->last = n;
    c->head = main >= 0 ? main : n - 1;
    finish(v, w, c, main, be, have, infinitive);
    return 1;
}

static int breaks(const Work *w, const Piece *group, int n) {
    int tag = w->tags[n], left = w->tags[n - 1];
    if (left == POSSESSIVE || left == HYPHEN) return 0;
    if (tag == DETERMINER) return w->tags[group->first] != DETERMINER || n > group->first + 1 || AMONG(left, HEADS);
    if (tag == NUMBER && AMONG(left, HEADS)) return !(AMONG(tag_at(w, n + 1), HEADS) && n + 1 < w->count && AMONG(left, T(ACTOR) | T(NAME)));
    if (tag == ACTOR) {
        if (w->forms[n]->flags & S_LEADER && AMONG(left, T(OFFICE) | T(THING) | T(ORGAN) | T(ACTOR) | T(NAME))) return 0;
        return AMONG(left, T(MEASURE) | T(GOODS) | T(THING) | T(NOUN) | T(INSTRUMENT))
            && (w->forms[n]->flags & (S_ACTING | S_PEOPLE)) != 0;
    }
    if (tag == DATE) return 1;
    if (tag == ADJECTIVE && AMONG(left, HEADS)) return n + 1 >= w->count || !AMONG(w->tags[n + 1], HEADS);
    return tag == NAME && left == MEASURE;
}

static int is_compound(const Work *w, int n) {
    if (n > 1 && w->tags[n - 1] == HYPHEN && IS(w->flags[n - 2], M_PREFIX)) return 1;
    return n + 2 < w->count && w->tags[n + 1] == HYPHEN
        && AMONG(w->tags[n + 2], T(VERB) | T(ADJECTIVE) | T(NOUN) | T(THING)) && !IS(w->flags[n + 2], M_DONE);
}

/* As what a noun group keeps a token, TAGS for not. */
static int told(int tag) {
    switch (tag) {
    case ACTOR: case MEASURE: case GOODS: case THING: case INSTRUMENT: case NAME: return tag;
    case BODY: case OFFICE: case ORGAN: return THING;
    default: return TAGS;
    }
}

static void group(const Vocabulary *v, Work *w, int n) {
    Piece *c = new_piece(v, w, GROUP, n, n);
    int headed = 0, count = w->count;
    if (IS(w->flags[n], M_FEW)) {
        c->negative = 1;
        n++;
    }
    for (; n < count; n++) {
        int tag = w->tags[n];
        if (!AMONG(tag, NOMINAL)
            && !(tag == ADVERB && n + 1 < count && w->tags[n + 1] == ADJECTIVE && IS(w->flags[n], M_LY))) break;
        if (headed && breaks(w, c, n)) break;
        if (tag == HYPHEN) {
            if (n + 1 >= count || !AMONG(w->tags[n + 1], NOMINAL | T(VERB))) break;
            if (w->tags[n + 1] == VERB) n++;
        } else if (told(tag) != TAGS && !(tag == ACTOR && is_compound(w, n))) {
            w->told[n] = (uint8_t)told(tag);
            c->told |= T(told(tag));
        }
        if (AMONG(tag, HEADS)) {
            headed = 1;
            c->head = n;
        }
    }
    c->last = n > c->first ? n : c->first + 1;
    if (!headed) c->head = c->last - 1;
    c->word = c->head;
}

static int simple(int tag) {
    switch (tag) {
    case PREPOSITION: case TO: return PREP;
    case AND: return JOIN;
    case SUBORDINATOR: return SUB;
    case RELATIVE: return REL;
    case COMMA: return COMMAS;
    case BREAK: return BREAKS;
    case QUOTE: return QUOTES;
    case OPEN: return OPENS;
    case CLOSE: return CLOSES;
    case STOP: return STOPS;
    default: return ADVERBS;
    }
}

static void chunk(const Vocabulary *v, Work *w) {
    int count = w->count;
    uint64_t begins = AUXILIARIES | T(TO) | T(ADVERB) | T(CEASED) | T(NOT) | T(FALSELY) | T(FIGURATIVE) | T(PARTIAL) | T(VERB);
    memset(w->told, TAGS, (size_t)count);
    w->pieces = 0;
    for (int n = 0; n < count; w->pieces++) {
        int tag = w->tags[n], digit = IS(w->flags[n], M_DIGIT), last;
        Piece *piece;
        if (AMONG(tag, begins) && verbs(v, w, n)) {
        } else if (tag == NUMBER && digit && tag_at(w, n + 1) == DATE && !IS(w->flags[n + 1], M_DIGIT)) {
            last = n + 2;
            if (tag_at(w, last) == DATE) last++;
            new_piece(v, w, DATES, n, last);
        } else if ((tag == NOT && IS(w->flags[n], M_NO)) || AMONG(tag, NOMINAL & ~(T(POSSESSIVE) | T(HYPHEN) | T(DATE)))) {
            group(v, w, n);
        } else if (tag == PRONOUN) {
            piece = new_piece(v, w, GROUP, n, n + 1);
            piece->pronoun = 1;
            piece->negative = spelt(w->forms[n], "not", 3);
        } else if (tag == DATE) {
            last = n + 1;
            while (last < count && (w->tags[last] == DATE || (w->tags[last] == NUMBER && IS(w->flags[last], M_DIGIT)))) last++;
            if (last < count && AMONG(w->tags[last], HEADS & ~(T(DATE) | T(ACTOR) | T(NAME))) && digit && last == n + 1)
                group(v, w, n);
            else new_piece(v, w, DATES, n, last);
        } else if (tag == VERB) {
            piece = new_piece(v, w, VERBS, n, n + 1);
            piece->act = w->values[n];
            piece->form = only(w->forms[n], 'g') ? v->ing : v->past;
        } else {
            new_piece(v, w, simple(tag), n, n + 1);
        }
        n = w->chunks[w->pieces].last;
    }
}

/* Find for each chunk, and for the places at either end, the one before and the one behind, adverbs, dates and brackets
 * left aside. Returns the one behind the place before the first. */
static int neighbours(Work *w) {
    int count = w->pieces, open = -1, close = -1, behind = 0;
#define KIND(n) ((n) < count ? w->chunks[n].kind : STOPS)
    for (int n = 0; n <= count; n++) {
        int m = n - 1;
        w->before[n] = m;
        if (m < 0) continue;
        int kind = w->chunks[m].kind;
        if (kind == OPENS) open = m;
        if (kind == ADVERBS || kind == DATES || (kind == PREP && KIND(n) == DATES)) w->before[n] = w->before[m];
        else if (kind == CLOSES) w->before[n] = open >= 0 ? w->before[open] : -2;
    }
    for (int n = count - 1; n >= -1; n--) {
        int m = n + 1, found = m;
        if (m < count) {
            int kind = w->chunks[m].kind;
            if (kind == CLOSES) close = m;
            if (kind == ADVERBS || kind == DATES) found = w->after[m];
            else if (kind == PREP && KIND(m + 1) == DATES) found = w->after[m + 1];
            else if (kind == OPENS) found = close >= 0 ? w->after[close] : count + 1;
        }
        if (n >= 0) w->after[n] = found;
        else behind = found;
    }
    return behind;
#undef KIND
}

static int kind_at(const Work *w, int n) { return n >= 0 && n < w->pieces ? w->chunks[n].kind : STOPS; }

/* Tell whether a verb follows in the clause that has no subject of its own but what stands before `n`. */
static int verb_later(const Vocabulary *v, const Work *w, int n) {
    int groups = 0, prep = 0;
    for (n++; n < w->pieces; n++) {
        const Piece *c = &w->chunks[n];
        switch (c->kind) {
        case STOPS: case BREAKS: case SUB: case REL: case JOIN: case QUOTES: return 0;
        case PREP: prep = 1; break;
        case GROUP: groups = !prep; prep = 0; break;
        case COMMAS: groups = 0; break;
        case VERBS: if (c->form == v->finite || c->form == v->past) return !groups; break;
        default: break;
        }
    }
    return 0;
}

/* Tell whether the group before a past form is its subject. */
static int acts(const Work *w, int group) {
    const Piece *c = &w->chunks[group];
    if (!(c->told & T(ACTOR)) || c->told & T(MEASURE) || w->told[c->head] != ACTOR) return 0;
    for (int n = c->head + 1; n < c->last; n++) if (w->told[n] == ACTOR) return 0;
    int before = kind_at(w, w->before[group]);
    return !(w->forms[c->head]->flags & S_PEOPLE) && (before == REL || before == GROUP);
}

/* Decide of a past form whether it is a participle, not the verb of its clause. */
static int is_participle(const Vocabulary *v, const Work *w, int n) {
    int next = w->after[n], before = kind_at(w, w->before[n]), after = kind_at(w, next);
    uint32_t act = w->chunks[n].act->flags;
    if (before == VERBS) return after != GROUP;
    if (before == COMMAS) {
        int dated = after == GROUP && w->tags[w->chunks[next].head] == DATE;
        if (after == GROUP && !dated) return 0;
        return act & S_TRANSITIVE || ((dated || after == PREP) && verb_later(v, w, n));
    }
    if ((before == SUB || before == PREP) && after != GROUP) return 1;
    if (before != GROUP && before != DATES)
        return (before == STOPS || before == QUOTES || before == BREAKS) && (after == PREP || after == COMMAS);
    if (after == GROUP || acts(w, w->before[n])) return 0;
    if (before == GROUP && kind_at(w, w->before[w->before[n]]) == REL && !verb_later(v, w, n)) return 0;
    if (after == PREP && IS(w->flags[w->chunks[next].word], M_BY) && !(act & S_EXPIRE))
        return kind_at(w, w->after[next]) == GROUP;
    if (act & S_TRANSITIVE && (after == PREP || after == STOPS || after == COMMAS || after == VERBS || after == JOIN
                               || after == CLOSES))
        return !(after == VERBS && w->chunks[next].form == v->to);
    return (after == PREP || after == VERBS) && verb_later(v, w, n);
}

static void settle_past(const Vocabulary *v, Work *w) {
    for (int n = 0; n < w->pieces; n++) {
        Piece *c = &w->chunks[n];
        if (c->kind != VERBS || c->form != v->past) continue;
        if (is_participle(v, w, n)) {
            c->form = v->participle;
            c->voice = v->passive;
            c->tense = v->none;
        } else {
            c->form = v->finite;
        }
    }
}

/* -- what Python gets -------------------------------------------------------------------------------------------- */

static PyObject *held(PyObject *object) {
    Py_XINCREF(object);
    return object;
}

/* Return some numbers as a list, each with `base` added. */
static PyObject *integers(const int32_t *numbers, int count, Py_ssize_t base) {
    PyObject *list = PyList_New(count);
    for (int n = 0; list && n < count; n++) {
        PyObject *number = PyLong_FromSsize_t(base + numbers[n]);
        if (!number) {
            Py_DECREF(list);
            return NULL;
        }
        PyList_SetItem(list, n, number);
    }
    return list;
}

static PyObject *word_at(const Work *w, int n) { return w->words[n] ? w->words[n] : w->lowers[n]->word; }

/* Return the tokens of a chunk that it keeps as one sort. */
static PyObject *of_sort(const Vocabulary *v, const Work *w, const Piece *piece, int sort) {
    if (!(piece->told & T(sort))) return held(v->empty);
    Py_ssize_t count = 0;
    for (int n = piece->first; n < piece->last; n++) count += w->told[n] == sort;
    PyObject *tuple = PyTuple_New(count);
    count = 0;
    for (int n = piece->first; tuple && n < piece->last; n++) {
        if (w->told[n] != sort) continue;
        PyObject *number = PyLong_FromLong(n);
        if (!number) {
            Py_DECREF(tuple);
            return NULL;
        }
        PyTuple_SetItem(tuple, count++, number);
    }
    return tuple;
}

static PyObject *chunk_of(const Vocabulary *v, const Work *w, const Piece *piece) {
    Chunk *c = PyObject_New(Chunk, (PyTypeObject *)v->chunk_type);
    if (!c) return NULL;
    memset((char *)c + offsetof(Chunk, kind), 0, sizeof(Chunk) - offsetof(Chunk, kind));
    c->kind = PyLong_FromLong(piece->kind);
    c->first = PyLong_FromLong(piece->first);
    c->last = PyLong_FromLong(piece->last);
    c->head = PyLong_FromLong(piece->head);
    c->word = held(word_at(w, piece->word));
    c->negative = held(piece->negative ? Py_True : Py_False);
    c->act = held(piece->act->object);
    c->form = held(piece->form->object);
    c->tense = held(piece->tense->object);
    c->modal = held(piece->modal->object);
    c->voice = held(piece->voice->object);
    c->pronoun = held(piece->pronoun ? word_at(w, piece->first) : v->none->object);
    c->actors = of_sort(v, w, piece, ACTOR);
    c->measures = of_sort(v, w, piece, MEASURE);
    c->goods = of_sort(v, w, piece, GOODS);
    c->things = of_sort(v, w, piece, THING);
    c->names = of_sort(v, w, piece, NAME);
    c->instruments = of_sort(v, w, piece, INSTRUMENT);
    if (!c->kind || !c->first || !c->last || !c->head || !c->actors || !c->measures || !c->goods || !c->things
        || !c->names || !c->instruments) {
        Py_DECREF(c);
        return NULL;
    }
    return (PyObject *)c;
}

/* Put a result into a tuple, which takes it over; NULL is a failure. */
static int give(PyObject *tuple, Py_ssize_t at, PyObject *item) { return item ? PyTuple_SetItem(tuple, at, item) : -1; }

/* Return (chunks, kinds, before, after, chunk of each token, finite verb groups); of the lists of neighbours the last entries are those of
 * the places before the first chunk, by their negative numbers. */
static PyObject *pieces(const Vocabulary *v, Work *w) {
    int count = w->pieces, size = count + 2 * PADDING;
    int32_t numbers[ROOM + 2 * PADDING];
    PyObject *result = PyTuple_New(6), *list = PyList_New(count);
    if (!result || !list) goto fail;
    int behind = neighbours(w), finite = 0;
    settle_past(v, w);
    for (int n = 0; n < count; n++) {
        PyObject *each = chunk_of(v, w, &w->chunks[n]);
        if (!each) goto fail;
        PyList_SetItem(list, n, each);
    }
    for (int n = 0; n < size; n++) numbers[n] = n < count ? w->chunks[n].kind : STOPS;
    if (give(result, 1, integers(numbers, size, 0))) goto fail;
    for (int n = 0; n < size; n++) numbers[n] = n <= count ? w->before[n] : n < count + PADDING ? n - 1 : n - size - 1;
    if (give(result, 2, integers(numbers, size, 0))) goto fail;
    for (int n = 0; n < size; n++) numbers[n] = n < count ? w->after[n] : n < count + PADDING ? n + 1 : n - size + 1;
    numbers[size - 1] = behind;
    if (give(result, 3, integers(numbers, size, 0))) goto fail;
    for (int n = 0; n < count; n++) {
        for (int k = w->chunks[n].first; k < w->chunks[n].last; k++) w->before[k] = n;
    }
    if (give(result, 4, integers(w->before, w->count, 0))) goto fail;
    for (int n = 0; n < count; n++) if (w->chunks[n].kind == VERBS && w->chunks[n].form == v->finite) numbers[finite++] = n;
    if (give(result, 5, integers(numbers, finite, 0))) goto fail;
    PyTuple_SetItem(result, 0, list);
    return result;
fail:
    Py_XDECREF(list);
    Py_XDECREF(result);
    return NULL;
}

/* -- the vocabulary ---------------------------------------------------------------------------------------------- */

static void forget(Vocabulary *v) {
    clear(&v->texts, forget_text);
    clear(&v->lowers, forget_lower);
    clear(&v->strings, forget_str);
    v->participle = NULL;   /* the last that `prepare` makes */
}

/* Make the values and forms that the grammar gives itself. */
static int prepare(Vocabulary *v) {
    struct { Str **at; const char *name; } wanted[] = {
        {&v->none, ""}, {&v->be, "be"}, {&v->have, "have"}, {&v->other, "other"}, {&v->that, "that"},
        {&v->figurative, "figurative"}, {&v->present, "present"}, {&v->perfect, "perfect"}, {&v->past, "past"},
        {&v->duty, "duty"}, {&v->passive, "passive"}, {&v->active, "active"}, {&v->to, "to"}, {&v->ing, "ing"},
        {&v->finite, "finite"}, {&v->base, "b"}, {&v->dash, "-"}, {&v->may, "may"}, {&v->participle, "participle"},
    };
    for (size_t n = 0; n < sizeof wanted / sizeof *wanted; n++) {
        PyObject *name = PyUnicode_InternFromString(wanted[n].name);
        *wanted[n].at = name ? str_of(v, name) : NULL;
        Py_XDECREF(name);
        if (!*wanted[n].at) {
            v->participle = NULL;
            return -1;
        }
    }
    return 0;
}

static PyObject *vocabulary_read(PyObject *self, PyObject *args) {
    Vocabulary *v = (Vocabulary *)self;
    Py_buffer plain;
    Py_ssize_t start, end;
    int chunks;
    if (!PyArg_ParseTuple(args, "y*nnp:read", &plain, &start, &end, &chunks)) return NULL;
    PyObject *result = NULL;
    Work *w = NULL;
    v->reading++;
    if (start < 0 || end < start || end > plain.len || end - start > (Py_ssize_t)LONGEST) {
        PyErr_SetString(PyExc_ValueError, "a sentence lies within its text");
        goto done;
    }
    if ((v->texts.used > MOST_KEPT || v->texts.bytes > MOST_BYTES_KEPT) && v->reading == 1) forget(v);
    if (!v->participle && prepare(v)) goto done;
    w = v->spare;
    v->spare = NULL;   /* another thread takes one of its own */
    if (!w && !(w = calloc(1, sizeof *w))) {
        PyErr_NoMemory();
        goto done;
    }
    w->count = 0;
    if (cut(v, w, (const uint8_t *)plain.buf + start, 0, (int32_t)(end - start))) goto done;
    int count = tokens(v, w);
    if (count < 0) goto done;
    w->count = count;
    settle(v, w);
    PyObject *words = PyList_New(count), *tags = PyList_New(count), *values = PyList_New(count),
             *forms = PyList_New(count), *others = PyList_New(count);
    result = words && tags && values && forms && others ? PyTuple_New(7) : NULL;
    for (int n = 0; result && n < count; n++) {
        PyObject *tag = PyLong_FromLong(w->tags[n]);
        if (!tag) {
            Py_DECREF(result);
            result = NULL;
            break;
        }
        PyList_SetItem(words, n, held(word_at(w, n)));
        PyList_SetItem(tags, n, tag);
        PyList_SetItem(values, n, held(w->values[n]->object));
        PyList_SetItem(forms, n, held(w->forms[n]->object));
        PyList_SetItem(others, n, held(Py_None));
    }
    if (!result) {
        Py_XDECREF(words);
        Py_XDECREF(tags);
        Py_XDECREF(values);
        Py_XDECREF(forms);
        Py_XDECREF(others);
        goto done;
    }
    PyTuple_SetItem(result, 2, words);
    PyTuple_SetItem(result, 3, tags);
    PyTuple_SetItem(result, 4, values);
    PyTuple_SetItem(result, 5, forms);
    PyTuple_SetItem(result, 6, others);
    PyObject *both = PyTuple_New(2);
    if (!both || give(result, 0, integers(w->starts, count, start)) || give(result, 1, integers(w->ends, count, start))
        || PyTuple_SetItem(both, 0, held(result))) goto fail;
    if (chunks && count <= MOST_TOKENS) {
        chunk(v, w);
        if (give(both, 1, pieces(v, w))) goto fail;
    } else if (give(both, 1, held(Py_None))) {
        goto fail;
    }
    Py_DECREF(result);
    result = both;
    goto done;
fail:
    Py_XDECREF(both);
    Py_DECREF(result);
    result = NULL;
done:
    if (w) {
        for (int n = 0; n < ROOM; n++) {
            PyObject *word = w->words[n];
            w->words[n] = NULL;
            Py_XDECREF(word);
        }
        if (v->spare) free(w);
        else v->spare = w;
    }
    v->reading--;
    PyBuffer_Release(&plain);
    return result;
}

static PyObject *vocabulary_new(PyTypeObject *type, PyObject *args, PyObject *keywords) {
    PyObject *words, *entries, *grammar, *marks, *given;
    if (keywords && PyDict_Size(keywords)) {
        PyErr_SetString(PyExc_TypeError, "Vocabulary takes no keywords");
        return NULL;
    }
    if (!PyArg_ParseTuple(args, "O!OOO!O!:Vocabulary", &PyDict_Type, &words, &entries, &grammar, &PyDict_Type, &marks,
                          &PyDict_Type, &given)) return NULL;
    PyObject *module = PyType_GetModule(type), *chunk_type = module ? PyObject_GetAttrString(module, "Chunk") : NULL;
    allocfunc allocate = (allocfunc)PyType_GetSlot(type, Py_tp_alloc);
    Vocabulary *v = chunk_type ? (Vocabulary *)allocate(type, 0) : NULL;
    if (!v) {
        Py_XDECREF(chunk_type);
        return NULL;
    }
    v->strings.at = offsetof(Str, bytes);
    v->lowers.at = offsetof(Lower, bytes);
    v->texts.at = offsetof(Text, bytes);
    v->chunk_type = chunk_type;
    v->words = held(words);
    v->entries = held(entries);
    v->grammar = held(grammar);
    v->marks = held(marks);
    v->given = held(given);
    v->empty = PyTuple_New(0);
    /* Another seed in each process: nobody can write a text whose words fall together. */
    PyObject *name = PyUnicode_FromString("sentences");
    v->seed = name ? mixed((uint64_t)PyObject_Hash(name)) : 0;
    Py_XDECREF(name);
    if (!name || !v->empty) {
        Py_DECREF(v);
        return NULL;
    }
    return (PyObject *)v;
}

static void vocabulary_free(PyObject *self) {
    Vocabulary *v = (Vocabulary *)self;
    PyTypeObject *type = Py_TYPE(self);
    freefunc release = (freefunc)PyType_GetSlot(type, Py_tp_free);
    forget(v);
    Py_XDECREF(v->words);
    Py_XDECREF(v->entries);
    Py_XDECREF(v->grammar);
    Py_XDECREF(v->marks);
    Py_XDECREF(v->given);
    Py_XDECREF(v->chunk_type);
    Py_XDECREF(v->empty);
    free(v->spare);
    release(self);
    Py_DECREF(type);
}

static void chunk_free(PyObject *self) {
    Chunk *c = (Chunk *)self;
    PyTypeObject *type = Py_TYPE(self);
    freefunc release = (freefunc)PyType_GetSlot(type, Py_tp_free);
    Py_XDECREF(c->kind);
    Py_XDECREF(c->first);
    Py_XDECREF(c->last);
    Py_XDECREF(c->word);
    Py_XDECREF(c->head);
    Py_XDECREF(c->negative);
    Py_XDECREF(c->act);
    Py_XDECREF(c->form);
    Py_XDECREF(c->tense);
    Py_XDECREF(c->modal);
    Py_XDECREF(c->voice);
    Py_XDECREF(c->pronoun);
    Py_XDECREF(c->actors);
    Py_XDECREF(c->measures);
    Py_XDECREF(c->goods);
    Py_XDECREF(c->things);
    Py_XDECREF(c->names);
    Py_XDECREF(c->instruments);
    release(self);
    Py_DECREF(type);
}

/* Of this sort Python reads attributes as fast as those of its own classes with slots. */
#define MEMBER(name) {#name, T_OBJECT_EX, offsetof(Chunk, name), 0, NULL}
static PyMemberDef chunk_members[] = {
    MEMBER(kind), MEMBER(first), MEMBER(last), MEMBER(word), MEMBER(head), MEMBER(negative), MEMBER(act), MEMBER(form),
    MEMBER(tense), MEMBER(modal), MEMBER(voice), MEMBER(pronoun), MEMBER(actors), MEMBER(measures), MEMBER(goods),
    MEMBER(things), MEMBER(names), MEMBER(instruments), {NULL, 0, 0, 0, NULL},
};
static PyType_Slot chunk_slots[] = {
    {Py_tp_doc, "One chunk; see `annotator.statements.chunks.Chunk`."},
    {Py_tp_dealloc, chunk_free},
    {Py_tp_members, chunk_members},
    {0, NULL},
};
static PyType_Spec chunk_spec = {
    "annotator.core.sentences.Chunk", sizeof(Chunk), 0, Py_TPFLAGS_DEFAULT | Py_TPFLAGS_DISALLOW_INSTANTIATION, chunk_slots,
};
static PyMethodDef vocabulary_methods[] = {
    {"read", vocabulary_read, METH_VARARGS, "read(plain, start, end, chunks) -> the tokens of a sentence, and its chunks."},
    {NULL, NULL, 0, NULL},
};
static PyType_Slot vocabulary_slots[] = {
    {Py_tp_doc, "Vocabulary(words, entries, grammar, marks, values): what is known of words."},
    {Py_tp_new, vocabulary_new},
    {Py_tp_dealloc, vocabulary_free},
    {Py_tp_methods, vocabulary_methods},
    {0, NULL},
};
static PyType_Spec vocabulary_spec = {
    "annotator.core.sentences.Vocabulary", sizeof(Vocabulary), 0, Py_TPFLAGS_DEFAULT, vocabulary_slots,
};

static int add_type(PyObject *module, const char *name, PyType_Spec *spec) {
    PyObject *type = PyType_FromModuleAndSpec(module, spec, NULL);
    int failed = !type || PyModule_AddObjectRef(module, name, type);
    Py_XDECREF(type);
    return failed;
}

static int fill(PyObject *module) {
    return add_type(module, "Chunk", &chunk_spec) || add_type(module, "Vocabulary", &vocabulary_spec)
        || PyModule_AddIntConstant(module, "version", VERSION) || PyModule_AddStringConstant(module, "tags", TAG_NAMES)
        || PyModule_AddStringConstant(module, "marks", MARK_NAMES)
        || PyModule_AddStringConstant(module, "values", VALUE_NAMES) ? -1 : 0;
}

static PyModuleDef_Slot slots[] = {{Py_mod_exec, fill}, {0, NULL}};
static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, "annotator.core.sentences", "Reading sentences; see the head of its source.", 0, NULL, slots,
    NULL, NULL, NULL,
};

PyMODINIT_FUNC PyInit_sentences(void) { return PyModuleDef_Init(&definition); }
