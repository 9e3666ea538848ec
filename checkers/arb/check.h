/* A second checker of contrastcheck's certificates, on FLINT and Arb. What it proves, and by which
 * formulas, is written in ../../docs/certificates.md; it shares no code with the first checker.
 *
 * The program checks one file and ends: what it allocates for a whole check is freed by that end. */
#ifndef CHECK_H
#define CHECK_H

#include <jansson.h>
#if __has_include(<flint/arb.h>)
#include <flint/acb_calc.h>
#include <flint/acb_hypgeom.h>
#include <flint/acb_mat.h>
#include <flint/arb.h>
#include <flint/arb_hypgeom.h>
#include <flint/arb_mat.h>
#else
#include <acb_calc.h>
#include <acb_hypgeom.h>
#include <acb_mat.h>
#include <arb.h>
#include <arb_hypgeom.h>
#include <arb_mat.h>
#endif
#include <flint/fmpq.h>
#include <flint/fmpq_mat.h>
#include <flint/fmpq_vec.h>
#include <stdbool.h>

/* How a check ends, which is the program's exit code. */
enum { ACCEPTED = 0, REFUSED = 1, UNUSABLE = 2, UNSERVED = 4 };

_Noreturn void refuse(const char *format, ...) __attribute__((format(printf, 1, 2)));
_Noreturn void unusable(const char *format, ...) __attribute__((format(printf, 1, 2)));
_Noreturn void unserved(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* PRECISION is that of ball arithmetic in bits, where no quadrature asks for less. */
enum { PRECISION = 256 };

/* A mixture with its pairs: Σ w_k N(μ_k, Σ_k), positive pairs sharing their component with probability δ. */
typedef struct {
    slong components, dimension;
    bool own;                     /* components have their own covariances */
    fmpq *weights;                /* K, positive, of sum 1 */
    fmpq_mat_t means;             /* K × d */
    fmpq_mat_struct *covariances; /* K of them, all the same unless own */
    fmpq_t delta;
} mixture;

/* A certificate: its mixture and the object of the key certificate, in which numbers are strings. */
typedef struct {
    mixture law;
    json_t *object;
    bool holds; /* the verdict; else refuted */
} certificate;

/* file.c, seal.c */
certificate read_certificate(const char *path, bool sealed);
mixture read_mixture(const char *path);
void compare(const mixture *a, const mixture *b, const char *path);
void verify_seal(const char *text);

/* number.c: rational numbers. */
void number(fmpq_t x, const json_t *text, const char *key);
void numbers(fmpq_mat_t row, const json_t *list, slong length, const char *key); /* a column */
void square(fmpq_mat_t m, const json_t *rows, slong size, const char *key);      /* symmetric */
slong integer(const json_t *text, const char *key);
const char *word(const json_t *object, const char *key); /* "" where it is absent */
char *written(const fmpq_t x);
void only(const json_t *object, const char *keys); /* refuses other keys */
void times(fmpq_mat_t product, const fmpq_mat_t a, const fmpq_mat_t b);
slong pivots(slong *columns, const fmpq_mat_t m); /* the first independent columns */
bool semidefinite(const fmpq_mat_t m, slong *rank);
void mean_of(fmpq_mat_t mean, const mixture *law); /* d × 1 */
void centre(mixture *law);
bool centred(const mixture *law);
bool informative(const mixture *law); /* δ > 0, and means that are not all equal */

/* balls.c: linear algebra in balls, and printing. */
void balls(arb_mat_t out, const fmpq_mat_t in);
void ball(arb_t out, const fmpq_t in);
bool surely_definite(const arb_mat_t m);
void scatter(arb_mat_t c, arb_srcptr weights, const arb_mat_t points, arb_srcptr about);
void symmetrise(arb_mat_t m);
void form(arb_t value, const arb_mat_t m, arb_srcptr u, arb_srcptr v);
void upper(arb_t x); /* x becomes its upper end, exactly */
void lower(arb_t x);
void least(arb_t lambda, const arb_mat_t m, const arb_mat_t unit);
void say_norm(const char *what, const arb_mat_t m);
void norm(arb_t out, const arb_mat_t m); /* at least the Frobenius norm */

/* plane.c: the Fisher subspace in orthonormal whitened coordinates. */
typedef struct {
    slong K, s;
    slong *basis;          /* the means that are the columns of W */
    fmpq_mat_t gram;       /* g = WᵀΣ⁻¹W */
    fmpq_mat_t b;          /* b_k = WᵀΣ⁻¹μ_k, K rows */
    fmpq_mat_t c;          /* μ_k = Wc_k, K rows */
    const mixture *law;
    arb_mat_t root;        /* R with RᵀR = g */
    arb_mat_t means;       /* m_k = R⁻ᵀb_k, K rows: the whitened means */
    arb_ptr weights, mean; /* w_k; Σ w_k m_k */
    arb_t delta;
    arb_mat_t C, T;        /* Σ w m mᵀ, δC + (1−δ) m̄m̄ᵀ */
    double reach;          /* at least the length of every mean */
} plane;

void plane_of(plane *p, const mixture *law);
void check_basis(const plane *p, const json_t *object);
void whitened(arb_mat_t m, const plane *p, const fmpq_mat_t n); /* R N Rᵀ */
bool decides(const plane *p, const certificate *c, const arb_mat_t m, const arb_mat_t unit, const arb_t radius);
void decide(const plane *p, const certificate *c, const arb_mat_t m, const arb_mat_t unit, const arb_t radius);
void margin_of(double *margin, const plane *p, const certificate *c, const arb_mat_t m, const arb_mat_t unit);

/* exact.c: cases without analysis. */
typedef struct { bool swap, level; } symmetries; /* that a loss respects */
bool decided_exactly(const plane *p, const certificate *c, symmetries known);
bool decided_with_bias(const plane *p, const certificate *c, const fmpq_t negatives, const fmpq_t bias); /* of the sigmoid loss */

/* nested.c: integrals over boxes by acb_calc_integrate, one variable within the other. */
typedef void (*integrand)(acb_t out, acb_srcptr t, void *context, slong precision);
bool wide(const acb_t t); /* more than a point and its rounding */
void tail_moment(arb_t out, const arb_t edge, slong q); /* E[1 + |t|²; |t_i| > edge for an i] at most */
void box_integral(arb_t out, integrand f, void *context, slong variables, arb_srcptr low, arb_srcptr high, double tolerance, slong precision);
void gaussian_integral(arb_t out, integrand f, void *context, slong variables, double growth, double tolerance);

/* softmax.c: means of softmaxes p_k ∝ exp(offset_k + x·slope_k), x from the mixture on the plane. */
typedef struct {
    const plane *p;
    slong q;                /* dimensions in which the softmax varies */
    arb_mat_t frame;        /* s × q, orthonormal */
    arb_mat_t along;        /* K × q: the slopes in the frame */
    arb_mat_t level;        /* K × K: the logit of k at the mean of j */
} softmax;

void softmax_of(softmax *f, const plane *p, const arb_mat_t slopes, arb_srcptr offsets, const fmpq_mat_t exact);
/* mean_over encloses E Σ_k p_k(x) value(k, x̂), x̂ = E[x | j, the softmax]; |value| ≤ growth (1 + |t|²), t the frame's coordinates of x − m_j. */
typedef void (*valued)(acb_t out, slong k, acb_srcptr x, void *context, slong precision);
void mean_over(arb_t out, const softmax *f, valued value, void *context, double growth, double tolerance);

/* tilt.c: Gaussian pairs weighed by exp(θxᵀMv). */
typedef struct {
    slong s;
    acb_mat_t precision, covariance, factor;
    acb_t mass, weight;
    acb_ptr mean, start; /* 2s numbers: x, then v */
} tilt;

void tilt_init(tilt *t, slong s);
void tilt_clear(tilt *t);
void tilt_at(tilt *t, const arb_mat_t m, const acb_t theta, slong tau, slong precision);
void tilt_from(tilt *t, arb_srcptr alpha, arb_srcptr beta, slong tau, slong precision);
void tilt_product(acb_t out, const tilt *t, slong a, slong b, slong precision);

/* line.c: mixtures whose whitened means lie on a line through 0: x₁ ∼ N(a_k, 1) given k along it, x₂ ∼ N(0, 1) across. */
typedef struct {
    slong K;
    arb_ptr weights, a;
    arb_t delta;
} line;

void line_of(line *l, const certificate *c);
void pairs_product(arb_t out, const line *l, arb_srcptr f); /* E f(x)f(x̂), f_k = E[f | k] */
void phi(arb_t out, const arb_t x);        /* the standard normal density */
void probability(arb_t out, const arb_t x); /* and distribution function */
void gaussian_tail(acb_t out, const acb_t t, const arb_t m, slong precision); /* E[e^{ty}; y > 0], y ∼ N(m, 1) */
void parts(arb_t plus, arb_t minus, const arb_t a);     /* E x₊ and E x₋, x ∼ N(a, 1) */
void relu_inside(arb_t out, const line *l, const json_t *tilts); /* relu_inside.c: what networks on the line have at least */
void between(const certificate *c, const arb_t outside, const arb_t inside, bool sharp);
void positive(arb_t out, const json_t *object, const char *key);

char *network_statement(const certificate *c, bool relu, bool one_tower); /* network_words.c */

/* The kinds of certificates, one file each. */
void check_kind(const certificate *c);
void check_infonce(const certificate *c);
void check_dv(const certificate *c);
void check_pooled(const certificate *c);
void check_distance(const certificate *c);
void check_affine(const certificate *c);
void check_logistic(const certificate *c);
void check_containment(const certificate *c);
void check_sign(const certificate *c);
void check_relu(const certificate *c);
void check_cosine(const certificate *c);
void pull(arb_mat_t h, const softmax *f, double tolerance); /* infonce.c: sym E x(Σ_k p_k(x)m_k)ᵀ */

#endif
