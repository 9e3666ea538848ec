package oracle

import (
	"errors"
	"strings"

	"contrastcheck/gmm"
)

// Why a candidate could not be judged, in the words of whoever gave the mixture.
var (
	errFrame = errors.New("oracle: measured in standard deviations, the means differ so much in length that double precision loses the short ones")
	errSize  = errors.New("oracle: the means are more than 1e70 standard deviations from the origin, or all nearer than 1e-70")
	errOwn   = errors.New("oracle: the covariances of the components differ so much that double precision loses the smallest")
)

// What to do next.
const (
	proveIt      = "contrastcheck prove decides many such files from their exact numbers"
	writeExactly = "write the numbers as exact decimals or fractions"
	simplify     = "leave out coordinates that the others nearly determine, or bring the origin nearer to the means (--centre)"
)

// unbounded is the rule of a certificate that bounds nothing: why, and what to do next.
func unbounded(reason error, next string) string {
	return "none: " + strings.TrimPrefix(reason.Error(), "oracle: ") + "; " + next
}

// nextStep is what to do next about the InfoNCE loss of a shared covariance.
func nextStep(p gmm.Pairs) string {
	if _, exact := p.Left.Exact(); !exact {
		return writeExactly
	}
	return proveIt
}

// The rules for numbers that do not tell the dimension, and for a matrix without coefficients.
var (
	ambiguousRule = "none: the numbers are rounded, and rounding leaves the dimension of a Fisher subspace ambiguous; " + writeExactly
	noMatrix      = "none: the solver found no matrix beside 0; " + simplify
)
