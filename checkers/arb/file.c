#define _GNU_SOURCE
#include "check.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The largest file and mixture that are looked into. */
enum { LARGEST = 1 << 24, MOST = 400 };

static char *read_text(const char *path)
{
    FILE *file = strcmp(path, "-") ? fopen(path, "rb") : stdin;
    if (!file)
        unusable("%s can't be read", path);
    char *text = malloc(LARGEST + 1);
    size_t length = fread(text, 1, LARGEST + 1, file);
    if (length > LARGEST)
        unusable("%s: expected a file of at most %d bytes", path, LARGEST);
    if (memchr(text, 0, length))
        unusable("%s: expected text", path);
    text[length] = 0;
    if (file != stdin)
        fclose(file);
    return text;
}

/* quoted makes strings of all numbers, so that no parser rounds them. */
static char *quoted(const char *text)
{
    char *out = malloc(3 * strlen(text) + 1), *to = out;
    bool inside = false;
    for (const char *at = text; *at;) {
        if (!inside && (*at == '-' || isdigit((unsigned char)*at))) {
            size_t length = strspn(at, "+-.0123456789eE");
            *to++ = '"';
            memcpy(to, at, length);
            to += length, at += length;
            *to++ = '"';
            continue;
        }
        if (inside && *at == '\\' && at[1])
            *to++ = *at++;
        else if (*at == '"')
            inside = !inside;
        *to++ = *at++;
    }
    *to = 0;
    return out;
}

static json_t *parse(const char *path, const char *text)
{
    json_error_t error;
    if (!json_loads(text, JSON_REJECT_DUPLICATES | JSON_DECODE_INT_AS_REAL, &error)) /* before numbers are quoted: what is no number is no JSON */
        unusable("%s: line %d: %s", path, error.line, error.text);
    json_t *root = json_loads(quoted(text), JSON_REJECT_DUPLICATES, &error);
    if (!json_is_object(root))
        unusable("%s: expected a JSON object", path);
    return root;
}

static void read_covariance(fmpq_mat_t m, const json_t *value, slong d)
{
    if (json_is_string(value) && !strcmp(json_string_value(value), "identity")) {
        fmpq_mat_init(m, d, d);
        fmpq_mat_one(m);
        return;
    }
    square(m, value, d, "covariance");
    slong rank;
    if (!semidefinite(m, &rank) || rank < d)
        unusable("covariance: expected a positive definite matrix");
}

/* known refuses a mixture with a key that may be a slip of another, as recheck does. */
static void known(const json_t *root, const char *path)
{
    static const char *const keys[] = {"name", "weights", "means", "covariance", "delta", "certificate", "a", "b", "net", NULL};
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)root, key, value)
    {
        const char *const *at = keys;
        while (*at && strcmp(*at, key))
            at++;
        if (!*at)
            unusable("%s: a key \"%s\", which mixtures have none of", path, key);
    }
}

static mixture mixture_of(const json_t *root, const char *path)
{
    const json_t *weights = json_object_get(root, "weights"), *means = json_object_get(root, "means"), *covariance = json_object_get(root, "covariance");
    if (json_object_get(root, "visual") || json_object_get(root, "text"))
        unserved("mixtures of two modalities");
    known(root, path);
    if (!json_is_array(weights) || !json_is_array(means) || !covariance || json_array_size(weights) != json_array_size(means))
        unusable("%s: expected weights, as many means, and a covariance", path);
    mixture law = {.components = json_array_size(weights), .dimension = json_array_size(json_array_get(means, 0))};
    slong K = law.components, d = law.dimension;
    if (K < 1 || d < 1 || K > MOST || d > MOST)
        unusable("%s: expected 1 to %d components and dimensions", path, MOST);
    law.weights = _fmpq_vec_init(K);
    fmpq_t sum;
    fmpq_init(sum);
    fmpq_mat_init(law.means, K, d);
    for (slong k = 0; k < K; k++) {
        number(law.weights + k, json_array_get(weights, k), "weights");
        if (fmpq_sgn(law.weights + k) <= 0)
            unusable("weights: expected positive numbers");
        fmpq_add(sum, sum, law.weights + k);
        const json_t *mean = json_array_get(means, k);
        if (!json_is_array(mean) || (slong)json_array_size(mean) != d)
            unusable("means: expected %ld numbers each", (long)d);
        for (slong i = 0; i < d; i++)
            number(fmpq_mat_entry(law.means, k, i), json_array_get(mean, i), "means");
    }
    for (slong k = 0; k < K; k++)
        fmpq_div(law.weights + k, law.weights + k, sum);
    const json_t *first = json_array_get(covariance, 0);
    law.own = json_is_array(covariance) && (!json_is_array(first) || json_is_array(json_array_get(first, 0)));
    if (law.own && (slong)json_array_size(covariance) != K)
        unusable("covariance: expected %ld matrices", (long)K);
    law.covariances = malloc(K * sizeof *law.covariances);
    for (slong k = 0; k < K; k++)
        if (law.own || k == 0)
            read_covariance(law.covariances + k, law.own ? json_array_get(covariance, k) : covariance, d);
        else
            law.covariances[k] = law.covariances[0];
    fmpq_init(law.delta);
    if (json_object_get(root, "delta"))
        number(law.delta, json_object_get(root, "delta"), "delta");
    else
        fmpq_one(law.delta);
    if (fmpq_sgn(law.delta) < 0 || fmpq_cmp_ui(law.delta, 1) > 0)
        unusable("delta: expected a number from 0 to 1");
    return law;
}

mixture read_mixture(const char *path) { return mixture_of(parse(path, read_text(path)), path); }

certificate read_certificate(const char *path, bool sealed)
{
    char *text = read_text(path);
    json_t *root = parse(path, text);
    certificate c = {.object = json_object_get(root, "certificate")};
    if (!json_is_object(c.object))
        unusable("%s: expected the key certificate, as prove writes it", path);
    c.law = mixture_of(root, path);
    if (sealed)
        verify_seal(text);
    const char *verdict = word(c.object, "verdict");
    c.holds = !strcmp(verdict, "holds");
    if (!c.holds && strcmp(verdict, "refuted"))
        refuse("a verdict \"%s\"", verdict);
    return c;
}

void compare(const mixture *a, const mixture *b, const char *path)
{
    const char *what = NULL;
    if (a->components != b->components || a->dimension != b->dimension)
        what = "number of components or dimensions";
    else if (!fmpq_mat_equal(a->means, b->means))
        what = "means";
    else if (!fmpq_equal(a->delta, b->delta))
        what = "delta";
    for (slong k = 0; !what && k < a->components; k++)
        if (!fmpq_equal(a->weights + k, b->weights + k))
            what = "weights";
        else if (!fmpq_mat_equal(a->covariances + k, b->covariances + k))
            what = "covariance";
    if (what)
        refuse("the theorem is of another mixture than that of %s, with other %s", path, what);
}
