#ifndef LOGISTIC_H
#define LOGISTIC_H

#include "check.h"

typedef struct {
    arb_ptr alpha, beta;
    arb_t weight;
    int side; /* of t in the loss: 1 for log(1 + e^t), −1 for log(1 + e^{−t}) */
} label;

typedef struct {
    const plane *p;
    const arb_mat_struct *m;
    arb_srcptr bias; /* NULL where there is none */
    bool free;       /* it is minimised over */
    slong tau, count;
    label *labels;
    slong unknowns; /* of M, then the bias where it is free */
    tilt t;
    arb_t reach; /* |Re s| of the lines of integration */
    int side;    /* of an integral: of labels, and of 0; both where it is 0, and then the line is on the right */
    slong i, j;  /* its unknowns; j < 0 of a gradient */
} logistic;

void logistic_integral(arb_t out, logistic *f, slong i, slong j, double tolerance);
void logistic_moment(arb_t out, logistic *f, int side);

#endif
