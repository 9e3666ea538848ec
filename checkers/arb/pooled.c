#include "check.h"

/* The spectral and the agreement loss: equality holds if and only if T = δ Σ w_k μ_kμ_kᵀ + (1−δ) μ̄μ̄ᵀ has the rank of the means, T's by elimination. */
void check_pooled(const certificate *c)
{
    const mixture *law = &c->law;
    slong K = law->components, d = law->dimension, chosen[K], rank = 0;
    fmpq_mat_t columns, scaled, product, mean, turned, outer, t;
    fmpq_t rest;
    only(c->object, "statement verdict loss basis sha256");
    fmpq_mat_init(columns, d, K);
    fmpq_mat_transpose(columns, law->means);
    slong s = pivots(chosen, columns);
    const json_t *basis = json_object_get(c->object, "basis");
    bool same = (slong)json_array_size(basis) == s;
    for (slong i = 0; same && i < s; i++)
        same = integer(json_array_get(basis, i), "basis") == chosen[i];
    if (!same)
        refuse("basis: expected the %ld first independent means", (long)s);

    fmpq_mat_init_set(scaled, law->means);
    for (slong k = 0; k < K; k++)
        for (slong i = 0; i < d; i++) {
            fmpq_mul(fmpq_mat_entry(scaled, k, i), fmpq_mat_entry(scaled, k, i), law->weights + k);
            fmpq_mul(fmpq_mat_entry(scaled, k, i), fmpq_mat_entry(scaled, k, i), law->delta);
        }
    times(product, columns, scaled);
    mean_of(mean, law);
    fmpq_mat_init(turned, 1, d);
    fmpq_mat_transpose(turned, mean);
    times(outer, mean, turned);
    fmpq_init(rest);
    fmpq_one(rest);
    fmpq_sub(rest, rest, law->delta);
    fmpq_mat_scalar_mul_fmpq(outer, outer, rest);
    fmpq_mat_init(t, d, d);
    fmpq_mat_add(t, product, outer);
    slong where[d];
    rank = pivots(where, t);
    if (c->holds != (rank == s))
        refuse("the pair moment has rank %ld, and the means span %ld dimensions", (long)rank, (long)s);
}
