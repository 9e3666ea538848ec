package proof

import (
	"fmt"
	"math"
	"math/big"
	"slices"

	"contrastcheck/gmm"
	"contrastcheck/oracle/proof/frequency"
	"contrastcheck/oracle/proof/rational"
)

// Limit multiplies the limits on what a proof may cost: > 0. 1 stands for a minute, 4 GB and
// 2·10⁶ evaluations of the softmax, and is what functions without a limit use. Beyond them
// errors are ErrNotProved and gmm.ErrCost.
type Limit float64

// beyond is an ErrNotProved because of costs.
func beyond(err error) error { return fmt.Errorf("%w: %w", ErrNotProved, err) }

// affordable refuses mixtures on which exact elimination would take longer than the limit, or whose
// numbers are so long that all that comes after it would.
func (l Limit) affordable(e gmm.Exact) error {
	const longest, always = 4096, 128 // bits: of all rows together, and of a number that is never too long
	k, d := len(e.Means), len(e.Covariance)
	most := math.Max(always, float64(l)*longest/float64(max(k, d)))
	work := fmt.Sprintf("exact elimination in %d dimensions with %d components", d, k)
	refuse := func(bits int) error { return beyond(gmm.Limit(l).Allows("", work, elimination(k, d, bits))) }
	if gmm.Limit(l).Allows("", work, elimination(k, d, 1)) != nil { // without a look at the numbers
		return refuse(1)
	}
	for _, row := range slices.Concat([][]*big.Rat{e.Weights}, e.Means, e.Covariance) {
		for _, x := range row {
			if bits := max(x.Num().BitLen(), x.Denom().BitLen()); float64(bits) > most {
				return beyond(&gmm.InputError{Reason: gmm.ErrCost, Expected: fmt.Sprintf("numbers of at most %.0f bits in %d components and %d dimensions; --limit %.0f allows this",
					most, k, d, math.Ceil(float64(bits)*float64(l)/most)), Found: fmt.Sprintf("one of %d", bits)})
			}
		}
	}
	if bits := longestRow(e); gmm.Limit(l).Allows("", work, elimination(k, d, bits)) != nil {
		return refuse(bits)
	}
	return nil
}

// longestRow returns the bits of an entry once the denominators of its row of Σ, or of its mean, are cleared.
func longestRow(e gmm.Exact) int {
	longest := 0
	for _, row := range slices.Concat(e.Covariance, e.Means) {
		common, widest := big.NewInt(1), 0
		for _, x := range row {
			widest = max(widest, x.Num().BitLen()-x.Denom().BitLen())
			if x.IsInt() || x.Denom().Cmp(common) == 0 {
				continue
			}
			gcd := new(big.Int).GCD(nil, nil, common, x.Denom())
			common.Mul(common, gcd.Quo(x.Denom(), gcd))
		}
		longest = max(longest, common.BitLen()+max(0, widest))
	}
	return longest
}

// elimination estimates the cost of coordinates of K components in d dimensions, whose cleared rows have entries
// of so many bits: fraction-free elimination of Σ beside s ≤ min(K, d) means, whose entries are minors and grow by an entry's
// length at each step; then s solutions, the Gram matrix and its inverse in fractions of about (d + s) lengths.
func elimination(components, dimension, bits int) gmm.Cost {
	k, d := float64(components), float64(dimension)
	s := math.Min(k, d)
	var cost gmm.Cost
	for step := 1.0; step < d; step++ {
		cost.Seconds += (d - step) * (d - step + s) * gmm.IntegerOperation(step*float64(bits))
	}
	const shorter = 0.3 // most fractions are
	length := (d + s) * float64(bits)
	cost.Seconds += s*d*d/2*gmm.IntegerOperation(length) + (k*s*d+s*s*s+3*k*s*s)*shorter*fractionOperation(length) + k*d*s*gmm.IntegerOperation(s*float64(bits))
	const perNumber = 100
	cost.Bytes = (d*(d+s) + k*(d+3*s)) * (perNumber + length/4)
	return cost
}

// fractionOperation is the time of a product and a sum of fractions of so many bits, in lowest terms.
func fractionOperation(bits float64) float64 {
	words := bits / 64
	return 1e-6 + 1e-6*words + 45e-9*words*words
}

// evaluations is the limit on the work of one softmax, in nodes times components².
func (l Limit) evaluations() float64 { return mostNodes * float64(l) }

// outOfReach says that the trapezoidal rule would take too many evaluations.
func (l Limit) outOfReach(least string, evaluations float64) error {
	return costly(fmt.Sprintf("the trapezoidal rule would take %s%.2g evaluations, more than the limit of %.2g; --limit %.0f allows this",
		least, evaluations, l.evaluations(), math.Ceil(evaluations/mostNodes)))
}

// costly is an ErrNotProved that a larger limit mends, in words.
type costly string

func (c costly) Error() string      { return ErrNotProved.Error() + ": " + string(c) }
func (costly) Is(target error) bool { return target == ErrNotProved || target == gmm.ErrCost }

// integrable refuses components of which even one node would be too many evaluations.
func (l Limit) integrable(components int) error {
	if least := float64(components) * float64(components); least > l.evaluations() {
		return l.outOfReach("at least ", least)
	}
	return nil
}

// Affordable refuses, with ErrNotProved and gmm.ErrCost, a mixture that Prove would refuse for its size alone; other laws as Admit does.
func (l Limit) Affordable(loss Loss, p gmm.Pairs) error {
	p, err := l.seen(loss, p)
	if labels := loss.of().labels; err == nil && labels != nil && p.ExactDelta().Sign() > 0 {
		return l.labelled(labels, p.Components(), p.Left.FisherDimension())
	}
	return err
}

// labelled refuses labels that are so many that even a coarse integral over frequencies would take longer than the limit.
func (l Limit) labelled(labels func(components float64) float64, components, dimension int) error {
	const nodes = 8 // at least
	if least := frequency.Work(dimension, labels(float64(components)), nodes); least > l.evaluations() {
		return l.outOfReach("at least ", least)
	}
	return nil
}

// seen returns pairs as the loss sees them, if they are not too large.
func (l Limit) seen(loss Loss, p gmm.Pairs) (gmm.Pairs, error) {
	if err := loss.Admit(p); err != nil {
		return gmm.Pairs{}, err
	}
	exact := p.Left.Exact()
	if !p.Shared() { // what it has instead is not looked at
		exact.Covariance = gmm.IdentityRows(p.Left.Dimension())
	}
	if err := l.affordable(exact); err != nil {
		return gmm.Pairs{}, err
	}
	p, err := loss.Sees(p)
	if err != nil {
		return gmm.Pairs{}, err
	}
	return p, l.affordable(p.Left.Exact())
}

// enclosable refuses a representation, d×r, whose M = aaᵀ, MΣ and tr(MΣMΣ) in fractions would take longer than the limit.
func (l Limit) enclosable(e gmm.Exact, a [][]*big.Rat) error {
	if err := l.integrable(len(e.Means)); err != nil {
		return err
	}
	d, r, k := float64(len(a)), float64(len(a[0])), float64(len(e.Means))
	bits := 0 // of an entry of a, and of Σ or a mean
	for _, row := range slices.Concat(a, e.Means, e.Covariance) {
		for _, x := range row {
			bits = max(bits, x.Num().BitLen()+x.Denom().BitLen())
		}
	}
	short, long := fractionOperation(4*float64(bits)), fractionOperation(8*float64(bits))
	products := d*d*r + 2*k*d*d + k*k*d
	cost := gmm.Cost{Seconds: short*products + long*(d*d*d+d*d), Bytes: (3*d*d + 3*k*d + 2*k*k) * (100 + float64(bits))}
	if err := gmm.Limit(l).Allows("", fmt.Sprintf("products of %.0f×%.0f fractions", d, d), cost); err != nil {
		return beyond(err)
	}
	return nil
}

// enumerable refuses so many labels of a law, for each of which polynomials of degree s are made of an s×s form, a metric and points, where that would
// take longer than the limit.
func (l Limit) enumerable(labels int, form, metric, points rational.Matrix) error {
	longest := func(rows rational.Matrix) (bits int) {
		for _, x := range slices.Concat(rows...) {
			bits = max(bits, x.Num().BitLen()+x.Denom().BitLen())
		}
		return bits
	}
	n, s := float64(labels), float64(len(form))
	length := 2*s*float64(longest(form)+longest(metric)) + 2*float64(longest(points))
	cost := gmm.Cost{Seconds: 3 * n * s * s * fractionOperation(length), Bytes: n * s * (100 + length/4)}
	if err := gmm.Limit(l).Allows("", fmt.Sprintf("enumerating %d labels in fractions of %.0f bits", labels, length), cost); err != nil {
		return beyond(err)
	}
	return nil
}

// projecting refuses to multiply K covariances with the s vectors of a basis of S_F, whose entries are quotients of minors of Σ̄ with rows of so many bits, where that would take
// longer than the limit.
func (l Limit) projecting(e gmm.Exact, dimension, bits int) error {
	k, d, s := float64(len(e.Means)), float64(len(e.Means[0])), float64(dimension)
	length := 2 * d * float64(bits)
	cost := gmm.Cost{Seconds: k * s * d * (d + 2*s) * fractionOperation(length), Bytes: k * s * d * (100 + length/4)}
	if err := gmm.Limit(l).Allows("", fmt.Sprintf("products of %.0f×%.0f fractions", d, d), cost); err != nil {
		return beyond(err)
	}
	return nil
}

// inverting refuses to invert Σ in fractions where that would take longer than the limit.
func (l Limit) inverting(p gmm.Pairs) error {
	exact := p.Left.Exact()
	d := float64(len(exact.Covariance))
	length := d * float64(longestRow(exact))
	cost := gmm.Cost{Seconds: 2 * d * d * d * fractionOperation(length), Bytes: 2 * d * d * (100 + length/4)}
	if err := gmm.Limit(l).Allows("", fmt.Sprintf("inverting %.0f×%.0f fractions", d, d), cost); err != nil {
		return beyond(err)
	}
	return nil
}
