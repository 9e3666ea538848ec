#include "check.h"

#include <ctype.h>
#include <string.h>

/* How long the text of a number may be, and its exponent. */
enum { LONGEST = 4000, EXPONENT = 4000 };

/* parse reads a fraction a/b or a decimal with an exponent, exactly. */
static bool parse(fmpq_t x, const char *text)
{
    char digits[LONGEST + 1];
    slong length = 0, places = 0, exponent = 0;
    const char *at = text;
    bool point = false, some = false;
    if (strlen(text) > LONGEST)
        return false;
    if (*at == '+' || *at == '-') {
        if (*at == '-')
            digits[length++] = '-';
        at++;
    }
    for (; isdigit((unsigned char)*at) || (*at == '.' && !point); at++) {
        if (*at == '.') {
            point = true;
            continue;
        }
        digits[length++] = *at, some = true;
        places += point;
    }
    digits[length] = 0;
    if (!some)
        return false;
    fmpz_set_str(fmpq_numref(x), digits, 10);
    fmpz_one(fmpq_denref(x));
    if (*at == '/' && !point) {
        const char *below = at + 1;
        if (!*below || strspn(below, "0123456789") != strlen(below))
            return false;
        fmpz_set_str(fmpq_denref(x), below, 10);
        if (fmpz_is_zero(fmpq_denref(x)))
            return false;
        fmpq_canonicalise(x);
        return true;
    }
    if (*at == 'e' || *at == 'E') {
        at++;
        bool negative = *at == '-';
        if (*at == '+' || *at == '-')
            at++;
        if (!isdigit((unsigned char)*at))
            return false;
        for (; isdigit((unsigned char)*at); at++)
            if ((exponent = 10 * exponent + (*at - '0')) > EXPONENT)
                return false;
        if (negative)
            exponent = -exponent;
    }
    if (*at)
        return false;
    fmpz_t ten;
    fmpz_init(ten);
    exponent -= places;
    fmpz_ui_pow_ui(ten, 10, exponent < 0 ? -exponent : exponent);
    if (exponent < 0)
        fmpq_div_fmpz(x, x, ten);
    else
        fmpq_mul_fmpz(x, x, ten);
    fmpz_clear(ten);
    return true;
}

void number(fmpq_t x, const json_t *text, const char *key)
{
    if (!json_is_string(text) || !parse(x, json_string_value(text)))
        unusable("%s: expected a decimal or a fraction", key);
}

slong integer(const json_t *text, const char *key)
{
    fmpq_t x;
    fmpq_init(x);
    number(x, text, key);
    if (!fmpz_is_one(fmpq_denref(x)) || !fmpz_fits_si(fmpq_numref(x)))
        unusable("%s: expected a whole number", key);
    return fmpz_get_si(fmpq_numref(x));
}

const char *word(const json_t *object, const char *key)
{
    const json_t *value = json_object_get(object, key);
    if (value && !json_is_string(value))
        unusable("%s: expected a word", key);
    return value ? json_string_value(value) : "";
}

void numbers(fmpq_mat_t column, const json_t *list, slong length, const char *key)
{
    if (!json_is_array(list) || (slong)json_array_size(list) != length)
        refuse("%s: expected %ld numbers", key, (long)length);
    fmpq_mat_init(column, length, 1);
    for (slong i = 0; i < length; i++)
        number(fmpq_mat_entry(column, i, 0), json_array_get(list, i), key);
}

void square(fmpq_mat_t m, const json_t *rows, slong size, const char *key)
{
    if (!json_is_array(rows) || (slong)json_array_size(rows) != size)
        refuse("%s: expected %ld rows", key, (long)size);
    fmpq_mat_init(m, size, size);
    for (slong i = 0; i < size; i++) {
        const json_t *row = json_array_get(rows, i);
        if (!json_is_array(row) || (slong)json_array_size(row) != size)
            refuse("%s: expected rows of %ld numbers", key, (long)size);
        for (slong j = 0; j < size; j++)
            number(fmpq_mat_entry(m, i, j), json_array_get(row, j), key);
    }
    for (slong i = 0; i < size; i++)
        for (slong j = 0; j < i; j++)
            if (!fmpq_equal(fmpq_mat_entry(m, i, j), fmpq_mat_entry(m, j, i)))
                refuse("%s: expected a symmetric matrix", key);
}

char *written(const fmpq_t x) { return fmpq_get_str(NULL, 10, x); }

void only(const json_t *object, const char *keys)
{
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)object, key, value)
    {
        size_t length = strlen(key);
        const char *at = keys;
        for (;; at += strcspn(at, " ")) {
            at += strspn(at, " ");
            if (!*at)
                refuse("a key \"%s\", which this kind of certificate has none of", key);
            if (strcspn(at, " ") == length && !strncmp(at, key, length))
                break;
        }
    }
}

void times(fmpq_mat_t product, const fmpq_mat_t a, const fmpq_mat_t b)
{
    fmpq_mat_init(product, fmpq_mat_nrows(a), fmpq_mat_ncols(b));
    fmpq_mat_mul(product, a, b);
}

slong pivots(slong *columns, const fmpq_mat_t m)
{
    fmpq_mat_t echelon;
    fmpq_mat_init(echelon, fmpq_mat_nrows(m), fmpq_mat_ncols(m));
    slong rank = fmpq_mat_rref(echelon, m), column = 0;
    for (slong row = 0; row < rank; row++, column++) {
        while (fmpq_is_zero(fmpq_mat_entry(echelon, row, column)))
            column++;
        columns[row] = column;
    }
    fmpq_mat_clear(echelon);
    return rank;
}

/* semidefinite tells whether a symmetric matrix is so, by symmetric elimination: a diagonal entry that is 0 wants a row of zeros. */
bool semidefinite(const fmpq_mat_t m, slong *rank)
{
    slong n = fmpq_mat_nrows(m);
    fmpq_mat_t a;
    fmpq_t factor;
    fmpq_mat_init_set(a, m);
    fmpq_init(factor);
    *rank = 0;
    for (slong k = 0; k < n; k++) {
        int sign = fmpq_sgn(fmpq_mat_entry(a, k, k));
        if (sign < 0)
            return false;
        for (slong i = k + 1; i < n; i++) {
            if (sign == 0 && !fmpq_is_zero(fmpq_mat_entry(a, i, k)))
                return false;
            if (sign == 0)
                continue;
            fmpq_div(factor, fmpq_mat_entry(a, i, k), fmpq_mat_entry(a, k, k));
            for (slong j = k + 1; j < n; j++)
                fmpq_submul(fmpq_mat_entry(a, i, j), factor, fmpq_mat_entry(a, k, j));
        }
        *rank += sign;
    }
    return true;
}

void mean_of(fmpq_mat_t mean, const mixture *law)
{
    fmpq_mat_init(mean, law->dimension, 1);
    for (slong i = 0; i < law->dimension; i++)
        for (slong k = 0; k < law->components; k++)
            fmpq_addmul(fmpq_mat_entry(mean, i, 0), law->weights + k, fmpq_mat_entry(law->means, k, i));
}

void centre(mixture *law)
{
    fmpq_mat_t mean;
    mean_of(mean, law);
    for (slong k = 0; k < law->components; k++)
        for (slong i = 0; i < law->dimension; i++)
            fmpq_sub(fmpq_mat_entry(law->means, k, i), fmpq_mat_entry(law->means, k, i), fmpq_mat_entry(mean, i, 0));
}

bool centred(const mixture *law)
{
    fmpq_mat_t mean;
    mean_of(mean, law);
    return fmpq_mat_is_zero(mean);
}

bool informative(const mixture *law)
{
    for (slong k = 1; k < law->components; k++)
        for (slong i = 0; i < law->dimension; i++)
            if (!fmpq_equal(fmpq_mat_entry(law->means, k, i), fmpq_mat_entry(law->means, 0, i)))
                return fmpq_sgn(law->delta) > 0;
    return false;
}
