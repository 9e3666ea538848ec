#include "check.h"

#include <string.h>

/* bare refuses what a case that needs no analysis has no use for. */
static void bare(const certificate *c, bool holds, const char *why)
{
    static const char *const keys[] = {"minimiser", "witness", "best_bias", "shift", "boundary", "departure", "precision", "accuracy"};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (json_object_get(c->object, keys[i]))
            refuse("%s beside a case that is decided exactly, as %s", keys[i], why);
    if (c->holds != holds)
        refuse("equality %s, as %s", holds ? "holds" : "fails", why);
}

/* swapped: two means of equal weight and length that are independent. */
static bool swapped(const plane *p)
{
    return p->K == 2 && p->s == 2 && fmpq_equal(p->law->weights, p->law->weights + 1) && fmpq_equal(fmpq_mat_entry(p->gram, 0, 0), fmpq_mat_entry(p->gram, 1, 1));
}

/* level: all means have the same product μ̄ᵀΣ⁻¹μ_k with their mean, and that is not 0. It is as BΣ⁻¹μ̄ = Σ w_k(μ_k − μ̄)(μ_kᵀΣ⁻¹μ̄) is 0 if and only if the products, of
 * which μ̄ᵀΣ⁻¹BΣ⁻¹μ̄ is the variance, are equal. */
static bool level(const plane *p)
{
    fmpq_t first, product;
    fmpq_init(first);
    fmpq_init(product);
    fmpq_mat_t mean, inverse, image;
    mean_of(mean, p->law);
    if (fmpq_mat_is_zero(mean))
        return false;
    fmpq_mat_init(inverse, p->law->dimension, p->law->dimension);
    fmpq_mat_inv(inverse, p->law->covariances);
    times(image, inverse, mean);
    for (slong k = 0; k < p->K; k++) {
        fmpq_zero(product);
        for (slong i = 0; i < p->law->dimension; i++)
            fmpq_addmul(product, fmpq_mat_entry(p->law->means, k, i), fmpq_mat_entry(image, i, 0));
        if (k == 0)
            fmpq_set(first, product);
        else if (!fmpq_equal(first, product))
            return false;
    }
    return true;
}

bool decided_exactly(const plane *p, const certificate *c, symmetries known)
{
    if (p->s == 0)
        bare(c, true, "all means are 0");
    else if (!informative(p->law))
        bare(c, false, "M = 0 is best: delta is 0, or the means are equal");
    else if (p->s == 1)
        bare(c, true, "the subspace is a line, on which the gradient at 0 is negative");
    else if (known.swap && swapped(p))
        bare(c, false, "a reflection swaps the means");
    else if (known.level && level(p) && !json_object_get(c->object, "minimiser")) /* else a minimiser is as good a proof */
        bare(c, false, "all means have one coordinate along their mean");
    else
        return false;
    return true;
}

/* decided_with_bias: of the sigmoid loss with a bias b the gradient at 0 is a positive multiple of (me^b − 1)μ̄μ̄ᵀ − δB. For a rational b ≠ 0 me^b is irrational, so that both
 * parts must be 0. */
bool decided_with_bias(const plane *p, const certificate *c, const fmpq_t negatives, const fmpq_t bias)
{
    const mixture *law = p->law;
    if (p->s == 0) {
        bare(c, true, "all means are 0");
        return true;
    }
    bool zero = true;
    if (!fmpq_is_zero(bias))
        zero = centred(law) && !informative(law);
    else {
        slong d = law->dimension;
        fmpq_mat_t mean;
        fmpq_t sum, x;
        mean_of(mean, law);
        fmpq_init(sum);
        fmpq_init(x);
        for (slong i = 0; zero && i < d; i++)
            for (slong j = 0; zero && j <= i; j++) { /* (m − 1 + δ)μ̄μ̄ᵀ − δC */
                fmpq_zero(sum);
                for (slong k = 0; k < law->components; k++) {
                    fmpq_mul(x, fmpq_mat_entry(law->means, k, i), fmpq_mat_entry(law->means, k, j));
                    fmpq_submul(sum, x, law->weights + k);
                }
                fmpq_mul(sum, sum, law->delta);
                fmpq_add(x, negatives, law->delta);
                fmpq_sub_si(x, x, 1);
                fmpq_mul(x, x, fmpq_mat_entry(mean, i, 0));
                fmpq_addmul(sum, x, fmpq_mat_entry(mean, j, 0));
                zero = fmpq_is_zero(sum);
            }
    }
    if (zero)
        bare(c, false, "M = 0 is best");
    return zero;
}
