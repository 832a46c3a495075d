/* Making the tables of the compiled core: by which words each form of a phrase is found.
 *
 * Built against the limited API of Python 3.11. Its counterpart in Python (`tables.indexed_plainly`) serves where this is
 * missing, gives the same bytes, and is what the tests hold this against. No static buffers, no global state; every
 * number that comes in is checked before anything is looked up by it.
 */
#include "common.h"

#define VERSION 1            /* of what `tables.py` expects; to be changed with it */
#define MOST_PAIRS 48
#define MOST_ROWS (1u << 28) /* what is made of them can be counted in 32 bits */
#define DIGITS 0xFFFFFFFFu   /* as the second word of a literal: digits are joined to the first */

enum { FREE, NEXT, PREVIOUS, ANYWHERE };   /* where the one more word must stand that a form needs */
enum { IS_WORD = 1, FIGURE = 2 };          /* of an element */

/* How good an anchor an element is; how good a second word beside the anchor, and further off. */
typedef struct { double anchor, near, far; uint32_t flags, span, first, words; } Element;
typedef struct { uint64_t literal; uint32_t place, word, form, element; } Row;
typedef struct { uint64_t literal; uint32_t owner, unused; } Owned;

typedef struct {
    const Element *elements;
    const uint32_t *words, *forms, *ends, *owners;
    size_t element_count, word_count, form_size, count;
    Row *rows;
    size_t used, capacity;
} Making;

static int is_sound(const Making *m) {
    for (size_t n = 0; n < m->element_count; n++) {
        const Element *e = m->elements + n;
        if (e->first > m->word_count || e->words > m->word_count - e->first) return 0;
        if (!(e->flags & IS_WORD) != !e->words) return 0;
    }
    for (size_t n = 0; n < m->word_count; n++)
        if (m->words[n] >= DIGITS - 1) return 0;
    for (size_t n = 0; n < m->form_size; n++)
        if (m->forms[n] >= m->element_count) return 0;
    if (m->ends[0] || m->ends[m->count] != m->form_size) return 0;
    for (size_t n = 0; n < m->count; n++)
        if (m->ends[n] >= m->ends[n + 1]) return 0;
    return 1;
}

/* Find the anchor of a form, its rarest word or two neighbouring words; return of how many words it is, 0 for none. */
static uint32_t anchor_of(const Making *m, const uint32_t *form, uint32_t size, uint32_t *at) {
    uint32_t length = 0;
    double most = 0;
    const Element *before = NULL;
    for (uint32_t n = 0; n < size; n++) {
        const Element *e = m->elements + form[n];
        if (!(e->flags & IS_WORD)) {
            before = NULL;
            continue;
        }
        /* What digits are joined to is looked for alone. */
        if (before && !((before->flags | e->flags) & FIGURE)) {
            double both = before->anchor + e->anchor;
            if (both > most && (uint64_t)before->words * e->words <= MOST_PAIRS) {
                *at = n - 1;
                length = 2;
                most = both;
            }
        }
        if (!length || e->anchor > most) {
            *at = n;
            length = 1;
            most = e->anchor;
        }
        before = e;
    }
    return length;
}

static int add_row(Making *m, uint64_t literal, uint32_t place, uint32_t word, uint32_t form, uint32_t element) {
    if (m->used == m->capacity) {
        size_t capacity = m->capacity ? 2 * m->capacity : 4096;
        if (capacity > MOST_ROWS || capacity > SIZE_MAX / sizeof(Row)) return -1;
        Row *grown = realloc(m->rows, capacity * sizeof(Row));
        if (!grown) return -1;
        m->rows = grown;
        m->capacity = capacity;
    }
    Row row = {literal, place, word, form, element};
    m->rows[m->used++] = row;
    return 0;
}

/* Add a literal of a form, under each spelling of the one more word that the form needs. */
static int add_under(Making *m, uint64_t literal, uint32_t place, const Element *other, uint32_t form, uint32_t element) {
    if (!other) return add_row(m, literal, FREE, 0, form, element);
    for (uint32_t n = 0; n < other->words; n++)
        if (add_row(m, literal, place, m->words[other->first + n], form, element)) return -1;
    return 0;
}

static int take(Making *m, uint32_t number) {
    const uint32_t *form = m->forms + m->ends[number];
    uint32_t size = m->ends[number + 1] - m->ends[number], at = 0, length = anchor_of(m, form, size, &at);
    if (!length) return -2;
    const Element *other = NULL;
    uint32_t place = FREE;
    double most = -1;
    for (uint32_t n = 0; n < size; n++) {
        const Element *e = m->elements + form[n];
        if ((n >= at && n < at + length) || !(e->flags & IS_WORD) || e->flags & FIGURE) continue;
        uint32_t where = n == at + length ? NEXT : n + 1 == at ? PREVIOUS : ANYWHERE;
        double score = where == ANYWHERE ? e->far : e->near;
        if (score > most) {
            other = e;
            place = where;
            most = score;
        }
    }
    const Element *first = m->elements + form[at];
    for (uint32_t i = 0; i < first->words; i++) {
        uint64_t high = (uint64_t)m->words[first->first + i] << 32;
        if (length == 1) {
            if (add_under(m, high | (first->flags & FIGURE ? DIGITS : 0), place, other, number, at)) return -1;
            continue;
        }
        const Element *second = m->elements + form[at + 1];
        for (uint32_t j = 0; j < second->words; j++)
            if (add_under(m, high | (m->words[second->first + j] + 1), place, other, number, at)) return -1;
    }
    return 0;
}

static int by_place(const void *one, const void *two) {
    const Row *a = one, *b = two;
    if (a->literal != b->literal) return a->literal < b->literal ? -1 : 1;
    if (a->place != b->place) return a->place < b->place ? -1 : 1;
    if (a->word != b->word) return a->word < b->word ? -1 : 1;
    if (a->form != b->form) return a->form < b->form ? -1 : 1;
    return a->element < b->element ? -1 : a->element > b->element;
}

static int by_owner(const void *one, const void *two) {
    const Owned *a = one, *b = two;
    if (a->literal != b->literal) return a->literal < b->literal ? -1 : 1;
    return a->owner < b->owner ? -1 : a->owner > b->owner;
}

static uint32_t reach_of(const Making *m, uint32_t form) {
    uint64_t sum = 0;
    for (uint32_t n = m->ends[form]; n < m->ends[form + 1]; n++) sum += m->elements[m->forms[n]].span;
    return sum > UINT32_MAX ? UINT32_MAX : (uint32_t)sum;
}

/* What is made, in parts: 64-bit literals; kinds and reach of each; keys, values and lists of the index; owners. */
enum { LITERALS, ABOUT, KEYS, VALUES, REFERENCES, OWNER_OFFSETS, OWNERS, PARTS };
typedef struct { uint8_t *data; size_t size; } Part;

static int lay_out(const Making *m, Part *parts) {
    size_t literals = 0, lists = 0;
    for (size_t n = 0; n < m->used; n++) {
        const Row *row = m->rows + n, *last = n ? row - 1 : row;
        int fresh = !n || row->literal != last->literal;
        literals += fresh;
        lists += fresh || row->place != last->place || row->word != last->word;
    }
    size_t sizes[PARTS] = {8 * literals, 8 * literals, 8 * lists, 4 * lists, 4 * (1 + lists + 2 * m->used),
                           4 * (literals + 1), 4 * m->used};
    for (int n = 0; n < PARTS; n++) {
        parts[n].size = sizes[n];
        if (!(parts[n].data = calloc(sizes[n] + 1, 1))) return -1;
    }
    Owned *owned = malloc((m->used + 1) * sizeof(Owned));
    if (!owned) return -1;
    uint64_t *literal = (uint64_t *)parts[LITERALS].data, *keys = (uint64_t *)parts[KEYS].data;
    uint32_t *about = (uint32_t *)parts[ABOUT].data, *values = (uint32_t *)parts[VALUES].data;
    uint32_t *references = (uint32_t *)parts[REFERENCES].data, *offsets = (uint32_t *)parts[OWNER_OFFSETS].data;
    uint32_t *owners = (uint32_t *)parts[OWNERS].data;
    size_t known = 0, list = 0, at = 1, head = 0;
    for (size_t n = 0; n < m->used; n++) {
        const Row *row = m->rows + n, *last = n ? row - 1 : row;
        int fresh = !n || row->literal != last->literal;
        if (fresh) literal[known++] = row->literal;
        if (fresh || row->place != last->place || row->word != last->word) {
            keys[list] = (uint64_t)known << 34 | (uint64_t)row->place << 32 | row->word;
            values[list++] = (uint32_t)at;
            head = at++;
        }
        references[head]++;
        references[at++] = row->form;
        references[at++] = row->element;
        about[2 * known - 2] |= 1u << row->place;
        uint32_t reach = row->place == ANYWHERE ? reach_of(m, row->form) : 0;
        if (reach > about[2 * known - 1]) about[2 * known - 1] = reach;
        Owned one = {known, m->owners[row->form], 0};
        owned[n] = one;
    }
    if (m->used) qsort(owned, m->used, sizeof(Owned), by_owner);
    size_t used = 0;
    for (size_t n = 0; n < m->used; n++) {
        if (n && owned[n].literal == owned[n - 1].literal && owned[n].owner == owned[n - 1].owner) continue;
        owners[used++] = owned[n].owner;
        offsets[owned[n].literal] = (uint32_t)used;
    }
    parts[OWNERS].size = 4 * used;
    free(owned);
    return 0;
}

static int make(Making *m, Part *parts) {
    if (!is_sound(m)) return -2;
    for (size_t n = 0; n < m->count; n++) {
        int failed = take(m, (uint32_t)n);
        if (failed) return failed;
    }
    if (m->used) qsort(m->rows, m->used, sizeof(Row), by_place);
    return lay_out(m, parts);
}

static int is_even(const Py_buffer *buffer, uintptr_t size) { return !buffer->len || !((uintptr_t)buffer->buf % size); }

/* Sort forms by the words that they are found by. */
static PyObject *indexed(PyObject *self, PyObject *args) {
    Py_buffer elements, words, forms, ends, owners;
    (void)self;
    if (!PyArg_ParseTuple(args, "y*y*y*y*y*:indexed", &elements, &words, &forms, &ends, &owners)) return NULL;
    Making m = {elements.buf, words.buf, forms.buf, ends.buf, owners.buf, (size_t)elements.len / sizeof(Element),
                (size_t)words.len / 4, (size_t)forms.len / 4, (size_t)owners.len / 4, NULL, 0, 0};
    Part parts[PARTS];
    memset(parts, 0, sizeof(parts));
    int failed = -2;
    int even = is_even(&elements, 8) && is_even(&words, 4) && is_even(&forms, 4) && is_even(&ends, 4) && is_even(&owners, 4);
    if (even && (size_t)ends.len == 4 * (m.count + 1) && m.count < MOST_ROWS && m.form_size < MOST_ROWS) {
        Py_BEGIN_ALLOW_THREADS
        failed = make(&m, parts);
        Py_END_ALLOW_THREADS
    }
    PyObject *result = NULL;
    if (failed == -2) PyErr_SetString(PyExc_ValueError, "forms are elements by number, each with a word at least");
    else if (failed) PyErr_NoMemory();
    else result = PyTuple_New(PARTS);
    for (int n = 0; n < PARTS; n++) {
        PyObject *part = NULL;
        if (result && !(part = PyBytes_FromStringAndSize((const char *)parts[n].data, (Py_ssize_t)parts[n].size))) {
            Py_DECREF(result);
            result = NULL;
        }
        if (part && PyTuple_SetItem(result, n, part)) {
            Py_DECREF(result);
            result = NULL;
        }
        free(parts[n].data);
    }
    free(m.rows);
    PyBuffer_Release(&elements);
    PyBuffer_Release(&words);
    PyBuffer_Release(&forms);
    PyBuffer_Release(&ends);
    PyBuffer_Release(&owners);
    return result;
}

static int fill(PyObject *module) { return PyModule_AddIntConstant(module, "version", VERSION); }

static PyMethodDef methods[] = {
    {"indexed", indexed, METH_VARARGS, "indexed(elements, words, forms, ends, owners) -> by what words forms are found."},
    {NULL, NULL, 0, NULL},
};
static PyModuleDef_Slot slots[] = {{Py_mod_exec, fill}, {0, NULL}};
static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, "annotator.core.making", "Makes tables of the compiled core; see the head of its source.", 0,
    methods, slots, NULL, NULL, NULL,
};

PyMODINIT_FUNC PyInit_making(void) { return PyModuleDef_Init(&definition); }
