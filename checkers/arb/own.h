#ifndef OWN_H
#define OWN_H

#include "check.h"

enum { MOST_COMPONENTS = 400 };

/* A mixture of components with their own covariances on S_F, whitened by their mean, and M̂ there. */
typedef struct {
    plane p;
    const mixture *law;
    fmpq_mat_t v;           /* V = Σ̄⁻¹W, d × s */
    arb_mat_t u;            /* U = VR⁻¹ */
    arb_mat_struct spread[MOST_COMPONENTS], factor[MOST_COMPONENTS]; /* S_k and its Cholesky factor */
    arb_mat_t m;            /* M̂, s × s */
    arb_ptr logarithms;     /* log w_k */
} own;

/* A direction u, as it is seen: uᵀμ_k, σ_k(u) = UᵀΣ_ku, C_k⁻¹σ_k(u) and uᵀΣ_ku. */
typedef struct {
    arb_ptr means, variances;
    arb_mat_t sigma, solved; /* K × s */
} direction;

void own_of(own *o, const mixture *law);
bool invariant(const own *o);
void along(direction *to, const own *o, const arb_mat_t u);
void slope_between(arb_t out, const own *o, const direction *u, const direction *v, double tolerance); /* uᵀ∇f(M̂)v */

#endif
