/*
 * The text of a simple page: what `annotator.reading.html.plain` makes of it with a pattern, in one pass over its bytes.
 *
 * What a tag does to the text, and what a reference stands for, is asked of Python, once for each that is spelt alike; so
 * is where a comment, a script or a title ends. That module says what the signs mean, and tests hold this one against it.
 */
#include "common.h"

#define VERSION 1

enum { BLOCK = 1, LINE, TABLE, CELL };                     /* what tags do to the text */
enum { NOTHING, BLANK, NEW_LINE, NEW_BLOCK };              /* what goes before the next letter */

typedef struct { Bytes text; int before, begun, stray; } Page;

/* A tag that was asked about, and what it does; most pages repeat a few. */
typedef struct { const uint8_t *from; size_t length; PyObject *signs; } Told;
#define TOLD 16

static const uint8_t blanks[256] = {[' '] = 1, ['\t'] = 1, ['\n'] = 1, ['\f'] = 1, ['\r'] = 1};
static inline int is_digit(uint8_t c) { return c >= '0' && c <= '9'; }
static inline int is_letter(uint8_t c) { return (c | 32) >= 'a' && (c | 32) <= 'z'; }
static inline int is_hex(uint8_t c) { return is_digit(c) || ((c | 32) >= 'a' && (c | 32) <= 'f'); }

/* Add letters of the page. Returns 1 where they stand between the cells of a table, -1 with an error. */
static int letters(Page *page, const uint8_t *from, const uint8_t *to) {
    size_t most = (size_t)(to - from) + 2;
    if (from == to) return 0;
    /* Most text has one space between words, and nothing else that is blank: it is taken as it stands. */
    int whole = 1;
    for (size_t n = 0; n + 3 < most; n++) whole &= !((uint8_t)(from[n] - 9) < 5) & !((from[n] == ' ') & (from[n + 1] == ' '));
    whole &= !((uint8_t)(to[-1] - 9) < 5);
    if (page->text.capacity - page->text.used < most) {   /* a reference may stand for more bytes than it has */
        size_t used = page->text.used;
        for (size_t more = 0; more < most; more += 64) {
            static const uint8_t room[64] = {0};
            if (add(&page->text, room, sizeof room)) {
                PyErr_NoMemory();
                return -1;
            }
        }
        page->text.used = used;
    }
    uint8_t *out = page->text.data + page->text.used;
    while (from < to) {
        if (blanks[*from]) {
            if (page->before == NOTHING) page->before = BLANK;
            from++;
            continue;
        }
        if (page->before != NOTHING) {
            if (page->stray) return 1;
            if (page->begun && page->before == BLANK) *out++ = ' ';
            else if (page->begun) {
                *out++ = '\n';
                if (page->before == NEW_BLOCK) *out++ = '\n';
            }
            page->before = NOTHING;
        }
        page->begun = 1;
        const uint8_t *end = from + 1;
        if (whole && to - from > 1) {
            end = to - (to[-1] == ' ');
        } else {
            while (end < to && !blanks[*end]) end++;
        }
        memcpy(out, from, (size_t)(end - from));
        out += end - from;
        from = end;
    }
    page->text.used = (size_t)(out - page->text.data);
    return 0;
}

/* Let a tag do to the text what its signs say. Returns -1 with an error. */
static int effect(Page *page, PyObject *signs) {
    Py_ssize_t length;
    const char *sign = PyUnicode_AsUTF8AndSize(signs, &length);
    if (!sign) return -1;
    for (; length; sign++, length--) {
        if (*sign == LINE) {
            page->before = page->before >= NEW_LINE ? NEW_BLOCK : NEW_LINE;
            continue;
        }
        if (*sign == TABLE) page->stray = 1;
        else if (*sign == CELL) page->stray = 0;
        page->before = NEW_BLOCK;
    }
    return 0;
}

/* Return the end of a reference that begins at an ampersand, or that itself where none does. */
static const uint8_t *reference(const uint8_t *at, const uint8_t *end) {
    const uint8_t *to = at + 1, *first;
    if (to < end && *to == '#') {
        to++;
        int hex = to < end && (*to | 32) == 'x';
        first = to += hex;
        while (to < end && (hex ? is_hex(*to) : is_digit(*to))) to++;
    } else {
        first = to;
        if (to < end && is_letter(*to)) while (to < end && (is_letter(*to) || is_digit(*to))) to++;
    }
    if (to == first) return at;
    return to < end && *to == ';' ? to + 1 : to;
}

/* Return what a tag does to the text: a new reference, NULL with an error. */
static PyObject *asked(Told *known, PyObject *tags, const uint8_t *from, const uint8_t *to) {
    size_t length = (size_t)(to - from);
    Told *told = &known[(length * 5 + from[1] + 3 * from[length / 2]) % TOLD];
    if (told->length == length && !memcmp(told->from, from, length)) return Py_NewRef(told->signs);
    PyObject *tag = PyUnicode_DecodeUTF8((const char *)from, (Py_ssize_t)length, NULL);
    PyObject *signs = tag ? PyObject_GetItem(tags, tag) : NULL;
    Py_XDECREF(tag);
    if (!signs) return NULL;
    Py_XDECREF(told->signs);
    *told = (Told){from, length, Py_NewRef(signs)};
    return signs;
}

/* Tell whether what begins at a "<" may be more than a tag. */
static int is_special(const uint8_t *at, const uint8_t *end) {
    static const char *const names[] = {"!--", "script", "style", "title", "noscript", "iframe", "svg"};
    at++;
    for (size_t n = 0; n < sizeof names / sizeof *names; n++) {
        size_t length = strlen(names[n]), k = 0;
        if ((size_t)(end - at) < length) continue;
        while (k < length && (is_letter(at[k]) ? at[k] | 32 : at[k]) == (uint8_t)names[n][k]) k++;
        if (k == length) return 1;
    }
    return 0;
}

/* Return how many characters begin in some bytes. */
static Py_ssize_t characters(const uint8_t *from, const uint8_t *to) {
    Py_ssize_t count = 0;
    for (; from < to; from++) count += (*from & 0xC0) != 0x80;
    return count;
}

/* Return where so many characters further on begins, or the end. */
static const uint8_t *further(const uint8_t *from, const uint8_t *end, Py_ssize_t count) {
    for (; from < end && count > 0; count--) {
        from++;
        while (from < end && (*from & 0xC0) == 0x80) from++;
    }
    return from;
}

static PyObject *text(PyObject *self, PyObject *args) {
    PyObject *markup, *tags, *references, *special, *result = NULL;
    Page page = {{0}, NOTHING, 0, 0};
    Told told_tags[TOLD] = {{0}};
    (void)self;
    if (!PyArg_ParseTuple(args, "UOOO:text", &markup, &tags, &references, &special)) return NULL;
    Py_ssize_t size, counted = 0;
    const uint8_t *at = (const uint8_t *)PyUnicode_AsUTF8AndSize(markup, &size);
    if (!at) return NULL;
    const uint8_t *end = at + size, *known = at;    /* up to `known` there are `counted` characters */
    const uint8_t *tag = at;                        /* before it there is no "<" that was not passed */
    int signs_in = 0;
    for (const uint8_t *byte = at; byte < end; byte++) signs_in |= *byte <= CELL;
    if (signs_in) Py_RETURN_NONE;
    if (!(page.text.data = malloc((size_t)size + 2))) return PyErr_NoMemory();
    page.text.capacity = (size_t)size + 2;
    while (at < end) {
        if (tag < at || (tag == at && *at != '<')) {
            tag = memchr(at, '<', (size_t)(end - at));
            if (!tag) tag = end;
        }
        const uint8_t *to = memchr(at, '&', (size_t)(tag - at));
        if (!to) to = tag;
        int told = letters(&page, at, to);
        if (told) goto told;
        if ((at = to) == end) break;
        if (*at == '&') {
            if ((to = reference(at, end)) == at) {
                if ((told = letters(&page, at, at + 1))) goto told;
                at++;
                continue;
            }
            PyObject *spelt = PyUnicode_DecodeUTF8((const char *)at, to - at, NULL);
            PyObject *meant = spelt ? PyObject_GetItem(references, spelt) : NULL;
            Py_XDECREF(spelt);
            Py_ssize_t length;
            const char *bytes = meant ? PyUnicode_AsUTF8AndSize(meant, &length) : NULL;
            told = bytes ? letters(&page, (const uint8_t *)bytes, (const uint8_t *)bytes + length) : -1;
            Py_XDECREF(meant);
            if (told) goto told;
            at = to;
            continue;
        }
        PyObject *signs;
        if (is_special(at, end)) {
            counted += characters(known, at);
            known = at;
            Py_ssize_t stop;
            PyObject *found = PyObject_CallFunction(special, "On", markup, counted);
            if (!found) goto done;
            if (!PyTuple_Check(found) || !PyArg_ParseTuple(found, "nU:special", &stop, &signs)) {
                if (!PyErr_Occurred()) PyErr_SetString(PyExc_TypeError, "an end and signs come back");
                Py_DECREF(found);
                goto done;
            }
            to = further(at, end, stop - counted);
            Py_INCREF(signs);
            Py_DECREF(found);
            if (to == at) {   /* nothing that could be passed over */
                Py_DECREF(signs);
                goto none;
            }
        } else {
            for (to = at + 1; to < end && *to != '<' && *to != '>'; to++) {}
            if (to == end || *to == '<') goto none;
            if (!(signs = asked(told_tags, tags, at, ++to))) goto done;
        }
        told = effect(&page, signs);
        Py_DECREF(signs);
        if (told) goto done;
        at = to;
        continue;
    told:
        if (told < 0) goto done;
        goto none;
    }
    result = PyUnicode_DecodeUTF8(page.text.data ? (const char *)page.text.data : "", (Py_ssize_t)page.text.used, NULL);
    goto done;
none:
    result = Py_NewRef(Py_None);
done:
    for (int n = 0; n < TOLD; n++) Py_XDECREF(told_tags[n].signs);
    free(page.text.data);
    return result;
}

static int fill(PyObject *module) { return PyModule_AddIntConstant(module, "version", VERSION); }

static PyMethodDef methods[] = {
    {"text", text, METH_VARARGS, "text(markup, tags, references, special) -> the text of a page, None where it is not simple."},
    {NULL, NULL, 0, NULL},
};
static PyModuleDef_Slot slots[] = {{Py_mod_exec, fill}, {0, NULL}};
static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, "annotator.core.pages", "Reads simple pages; see the head of its source.", 0,
    methods, slots, NULL, NULL, NULL,
};

PyMODINIT_FUNC PyInit_pages(void) { return PyModuleDef_Init(&definition); }
