package network

import (
	"errors"
	"fmt"
	"math"
	"math/big"

	"contrastcheck/gmm"
	"contrastcheck/oracle/interval"
	"contrastcheck/oracle/proof/rational"

	"gonum.org/v1/gonum/mat"
)

// ErrWitness says that points and weights are no witness: their quadratic form is not known to be negative, or the weights do not sum to 0.
var ErrWitness = errors.New("network: expected weights that sum to 0, of points with a negative quadratic form of log ρ")

// Witness is some points x_i with weights z_i that sum to 0, of which Σ_ij z_i z_j log ρ(x_i, x_j) < 0: the logarithm of the density ratio of a
// pair, ρ(x, y) = δ Σ_k p(k|x)p(k|y)/w_k + 1 − δ, is then not conditionally positive semidefinite, and no sequence of single encoders, of any number of outputs, has
// losses that tend to −I(x; x̂): e^{f(x)·f(y)} is a positive semidefinite kernel, and so would be every power of ρ.
type Witness struct {
	Points  [][]*big.Rat // n rows of d
	Weights []*big.Rat
}

// SharedEncoderGap encloses the quadratic form of a witness, which is negative, or refuses it with ErrWitness. The pairs must be of one modality; components may
// have covariances of their own.
func SharedEncoderGap(p gmm.Pairs, w Witness) (interval.Interval, error) {
	total := new(big.Rat)
	for _, z := range w.Weights {
		total.Add(total, z)
	}
	if err := p.WantSingle(); p.Modalities() != 1 {
		return interval.Interval{}, err
	}
	if total.Sign() != 0 || len(w.Points) != len(w.Weights) {
		return interval.Interval{}, fmt.Errorf("%w; found a sum of %s", ErrWitness, total.RatString())
	}
	c := interval.NewContext(precision)
	form := conditional(c, p, w.Points, list(len(w.Weights), func(i int) interval.Interval { return c.FromRat(w.Weights[i]) }))
	if err := c.Err(); err != nil {
		return interval.Interval{}, err
	}
	if form.Sign() >= 0 {
		return form, fmt.Errorf("%w; found %v", ErrWitness, form)
	}
	return form, nil
}

// conditional is Σ_ij z_i z_j log ρ(x_i, x_j).
func conditional[T any](n numbers[T], p gmm.Pairs, points [][]*big.Rat, z []T) T {
	ratios := logRatios(n, p, points)
	return sum(n, len(z), func(i int) T {
		return n.Mul(z[i], sum(n, len(z), func(j int) T { return n.Mul(z[j], ratios[i][j]) }))
	})
}

// logRatios returns log ρ(x_i, x_j). With e_k = exp(ℓ_k(x) − max_l ℓ_l(x)), ℓ_k = log N(x; μ_k, Σ_k) but for a constant, p(k|x) = w_k e_k/Σ_l w_l e_l.
func logRatios[T any](n numbers[T], p gmm.Pairs, points [][]*big.Rat) [][]T {
	m := p.Left.Exact()
	components := len(m.Weights)
	inverses, determinants := precisions(m)
	weights := list(components, func(k int) T { return n.FromRat(m.Weights[k]) })
	odds := list(len(points), func(i int) []T { // p(k|x)/w_k
		exponents := list(components, func(k int) *big.Rat {
			away := rational.Difference(points[i], m.Means[k])
			square := inverses[k].Form(away, away)
			return square.Mul(square, big.NewRat(-1, 2))
		})
		most := exponents[0]
		for _, e := range exponents {
			if e.Cmp(most) > 0 {
				most = e
			}
		}
		values := list(components, func(k int) T {
			value := n.Exp(n.FromRat(new(big.Rat).Sub(exponents[k], most)))
			return n.Quo(value, n.Sqrt(n.FromRat(determinants[k])))
		})
		total := sum(n, components, func(k int) T { return n.Mul(weights[k], values[k]) })
		return list(components, func(k int) T { return n.Quo(values[k], total) })
	})
	delta := n.FromRat(p.ExactDelta())
	rest := n.FromRat(new(big.Rat).Sub(big.NewRat(1, 1), p.ExactDelta()))
	return list(len(points), func(i int) []T {
		return list(len(points), func(j int) T {
			together := sum(n, components, func(k int) T { return n.Mul(weights[k], n.Mul(odds[i][k], odds[j][k])) })
			return n.Log(n.Add(n.Mul(delta, together), rest))
		})
	})
}

// precisions returns each Σ_k⁻¹ and det Σ_k, these but for a common factor.
func precisions(m gmm.Exact) (inverses []rational.Matrix, determinants []*big.Rat) {
	if m.Covariance != nil {
		inverse := rational.Inverse(m.Covariance)
		for range m.Weights {
			inverses, determinants = append(inverses, inverse), append(determinants, big.NewRat(1, 1))
		}
		return inverses, determinants
	}
	for _, covariance := range m.Covariances {
		factors, _ := rational.Factorise(covariance)
		determinant := big.NewRat(1, 1)
		for _, pivot := range factors.Diagonal {
			determinant.Mul(determinant, pivot)
		}
		inverses, determinants = append(inverses, rational.Inverse(covariance)), append(determinants, determinant)
	}
	return inverses, determinants
}

// FindWitness looks for a witness on lines through μ̄, along differences of means, axes and diagonals; false where the best found is not clear of rounding.
func FindWitness(p gmm.Pairs) (Witness, bool) {
	m := p.Left.Exact()
	var best Witness
	lowest := -1e-12 // relative to log ρ, whose entries have errors of some 1e-15
	for _, line := range linesThrough(m) {
		points := list(witnessPoints, func(i int) []*big.Rat {
			t := new(big.Rat).Mul(line.step, big.NewRat(int64(2*i-witnessPoints+1), 2))
			return rational.Sum(line.middle, rational.Matrix{line.direction}.Scaled(t)[0])
		})
		ratios := logRatios(doubles{}, p, points)
		if value, z := lowestConditional(ratios); value < lowest {
			lowest, best = value, Witness{points, z}
		}
	}
	return best, best.Points != nil
}

// witnessPoints is how many points lie on a line.
const witnessPoints = 9

type pencil struct {
	middle, direction []*big.Rat
	step              *big.Rat
}

// linesThrough lists lines with steps on them: along differences of means such that the odds of the two change by e² each, and along axes and diagonals.
func linesThrough(m gmm.Exact) (lines []pencil) {
	inverses, _ := precisions(m)
	middle := m.Mean()
	for i := range m.Means {
		for j := range i {
			direction := rational.Difference(m.Means[i], m.Means[j])
			if square := inverses[i].Form(direction, direction); square.Sign() > 0 {
				step := square.Quo(big.NewRat(2, 1), square)
				between := rational.Matrix{rational.Sum(m.Means[i], m.Means[j])}.Scaled(big.NewRat(1, 2))[0]
				lines = append(lines, pencil{middle, direction, step}, pencil{between, direction, step})
			}
		}
	}
	for i := range middle {
		for j := range i + 1 {
			directions := [][]*big.Rat{rational.Unit(len(middle), i)}
			if j < i {
				one, other := directions[0], rational.Unit(len(middle), j)
				directions = [][]*big.Rat{rational.Sum(one, other), rational.Difference(one, other)}
			}
			for _, direction := range directions {
				square, _ := inverses[0].Form(direction, direction).Float64()
				for _, deviations := range []float64{0.5, 1.5} {
					lines = append(lines, pencil{middle, direction, dyadic(deviations/math.Sqrt(square), 10)})
				}
			}
		}
	}
	return lines
}

// lowestConditional returns the smallest eigenvalue of a matrix on the weights that sum to 0, relative to its largest entry, and rounded weights that have about this.
func lowestConditional(a [][]float64) (value float64, weights []*big.Rat) {
	n := len(a)
	scale := 0.0
	centred := mat.NewSymDense(n, nil)
	rows := list(n, func(i int) float64 { return sum(doubles{}, n, func(j int) float64 { return a[i][j] }) / float64(n) })
	all := sum(doubles{}, n, func(i int) float64 { return rows[i] }) / float64(n)
	for i := range n {
		for j := i; j < n; j++ {
			scale = max(scale, math.Abs(a[i][j]))
			centred.SetSym(i, j, a[i][j]-rows[i]-rows[j]+all)
		}
	}
	var eigen mat.EigenSym
	if math.IsNaN(all) || math.IsInf(all, 0) || scale == 0 || !eigen.Factorize(centred, true) {
		return math.Inf(1), nil
	}
	var vectors mat.Dense
	eigen.VectorsTo(&vectors)
	const bits = 40
	rest := new(big.Rat)
	for i := range n {
		weights = append(weights, dyadic(vectors.At(i, 0), bits))
		rest.Add(rest, weights[i])
	}
	weights[n/2] = rest.Sub(weights[n/2], rest)
	return eigen.Values(nil)[0] / scale, weights
}
