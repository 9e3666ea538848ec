#define _GNU_SOURCE
#include "check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void append(char **text, const char *format, const char *value)
{
    char *old = *text, *piece;
    if (asprintf(&piece, format, value) < 0 || asprintf(text, "%s%s", old, piece) < 0)
        unusable("out of memory");
    free(piece);
    free(old);
}

static void append_factor(char **text, const fmpq_t x)
{
    append(text, fmpz_is_one(fmpq_denref(x)) ? "%s " : "(%s)", written(x));
}

/* sum writes weights before terms, without those that are 0. */
static char *sum(fmpq *weights, const char *const *terms, int count)
{
    char *text = strdup("");
    fmpq_t size;
    fmpq_init(size);
    for (int i = 0; i < count; i++) {
        int sign = fmpq_sgn(weights + i);
        if (sign == 0)
            continue;
        append(&text, "%s", *text ? (sign < 0 ? " − " : " + ") : (sign < 0 ? "−" : ""));
        fmpq_abs(size, weights + i);
        if (!fmpq_is_one(size))
            append_factor(&text, size);
        append(&text, "%s", terms[i]);
    }
    return *text ? text : strdup("0");
}

/* formula writes the net. */
static char *formula(const json_t *net, bool relu)
{
    static const char *const names[] = {"right", "left", "up", "down"}, *const pieces[] = {"x₁₊", "x₁₋", "x₂₊", "x₂₋"}, *const even[] = {"x₁₊", "x₁₋", "|x₂|"},
                             *const coordinates[] = {"x₁", "x₂"};
    fmpq *x = _fmpq_vec_init(4);
    if (relu) {
        for (int i = 0; i < 4; i++)
            number(x + i, json_object_get(net, names[i]), names[i]);
        return fmpq_equal(x + 2, x + 3) ? sum(x, even, 3) : sum(x, pieces, 4);
    }
    fmpq_t scale, second;
    fmpq_init(scale);
    fmpq_init(second);
    number(scale, json_object_get(net, "scale"), "scale");
    number(second, json_object_get(net, "second"), "second");
    char *text = strdup("√"), *signs[2];
    append_factor(&text, scale);
    fmpq_one(x);
    number(x + 1, json_object_get(net, "noise"), "noise");
    signs[0] = strdup("sign(");
    append(&signs[0], "%s)", sum(x, coordinates, 2));
    if (fmpq_is_zero(second)) {
        append(&text, "%s", signs[0]);
        return text;
    }
    fmpq_set(x, x + 1);
    fmpq_set_si(x + 1, -1, 1);
    signs[1] = strdup("sign(");
    append(&signs[1], "%s)", sum(x, coordinates, 2));
    fmpq_one(x);
    fmpq_set(x + 1, second);
    append(&text, "[%s]", sum(x, (const char *const *)signs, 2));
    return text;
}

char *network_statement(const certificate *c, bool relu, bool one_tower)
{
    char *text;
    if (asprintf(&text, "%s networks without biases read more of this mixture than S_F at δ = %s: f(x) = %s has a lower InfoNCE loss than every one that sees x through S_F alone, "
                        "%sof any width, depth and number of outputs",
                 relu ? "relu" : "sign", written(c->law.delta), formula(json_object_get(c->object, "net"), relu), one_tower ? "one tower, " : "one tower or two, ") < 0)
        unusable("out of memory");
    return text;
}
