package proof

import (
	"math/big"

	"contrastcheck/oracle/interval"
	"contrastcheck/oracle/proof/rational"
)

// softmax is p_k(x) ∝ w_k exp(xᵀMμ_k) as the enclosures see it: under component j,
//
//	xᵀMμ_k = β_jk + θ_k + what all k have in common,   θ_k = Σ_i ℓ_ki √D_i t_i
//
// with t ∼ N(0, I_q), as the contrasts θ_k = (x − μ_j)ᵀM(μ_k − μ_0) have the covariance ℓDℓᵀ
// for every j, exactly.
type softmax struct {
	weights   []*big.Rat       // w_k
	bias      rational.Matrix  // β_jk = μ_jᵀMμ_k
	contrasts rational.Factors // of the covariance of the θ_k, K×K, θ_0 = 0
	limit     Limit
}

func newSoftmax(weights []*big.Rat, bias, covariance rational.Matrix, limit Limit) softmax {
	contrasts, semidefinite := rational.Factorise(covariance)
	if !semidefinite {
		panic("proof: a covariance of contrasts is not positive semidefinite")
	}
	return softmax{weights, bias, contrasts, limit}
}

// add adds numbers to the logits, one for each component.
func (s softmax) add(logits []*big.Rat) {
	for _, row := range s.bias {
		for k, x := range logits {
			row[k] = new(big.Rat).Add(row[k], x)
		}
	}
}

// directions returns f_i, q rows, with x_k = Σ_i ℓ_ki f_i, for the x_k whose Gram matrix was factorised.
func (s softmax) directions(x rational.Matrix) rational.Matrix {
	f := make(rational.Matrix, len(s.contrasts.Index))
	for i, pivot := range s.contrasts.Index {
		f[i] = x[pivot]
		for l := range i {
			share := s.contrasts.Lower[pivot][l]
			scaled := make([]*big.Rat, len(f[l]))
			for c, entry := range f[l] {
				scaled[c] = new(big.Rat).Mul(share, entry)
			}
			f[i] = rational.Difference(f[i], scaled)
		}
	}
	return f
}

// ranges encloses D_i = max_k − min_k of the slopes ℓ_ki √D_i of the logits along t_i.
func (s softmax) ranges(c *interval.Context) []interval.Interval {
	ranges := make([]interval.Interval, len(s.contrasts.Diagonal))
	for i, pivot := range s.contrasts.Diagonal {
		least, most := new(big.Rat), new(big.Rat) // of slope 0 at k = 0
		for _, row := range s.contrasts.Lower {
			if row[i].Cmp(least) < 0 {
				least = row[i]
			}
			if row[i].Cmp(most) > 0 {
				most = row[i]
			}
		}
		ranges[i] = c.Mul(c.FromRat(new(big.Rat).Sub(most, least)), c.Sqrt(c.FromRat(pivot)))
	}
	return ranges
}

// slope encloses ℓ_ki √D_i.
func (s softmax) slope(c *interval.Context, k, i int) interval.Interval {
	return c.Mul(c.FromRat(s.contrasts.Lower[k][i]), c.Sqrt(c.FromRat(s.contrasts.Diagonal[i])))
}

// relative encloses (w_k/w_j) exp(β_jk − β_jj), the unnormalised p_k/p_j at t = 0 under
// component j, for every k.
func (s softmax) relative(c *interval.Context, j int) []interval.Interval {
	ratio := make([]interval.Interval, len(s.weights))
	for k, w := range s.weights {
		bias := new(big.Rat).Sub(s.bias[j][k], s.bias[j][j])
		ratio[k] = c.Mul(c.FromRat(new(big.Rat).Quo(w, s.weights[j])), c.Exp(c.FromRat(bias)))
	}
	return ratio
}

// moments encloses E_j p_k and E_j t_i p_k, given component j: the row 0 of the result and
// the rows 1 + i, K long.
func (s softmax) moments(c *interval.Context, r rule, j int) [][]interval.Interval {
	one := c.FromInt(1)
	sums := r.integrate(s.relative(c, j), func(e []interval.Interval) []interval.Interval {
		share := c.Quo(one, total(c, e))
		p := make([]interval.Interval, len(e))
		for k, x := range e {
			p[k] = c.Mul(x, share)
		}
		return p
	})
	for _, row := range sums {
		for k := range row {
			row[k] = c.AddError(row[k], r.momentError)
		}
	}
	return sums
}

// logPartition encloses E_j log Σ_k p_k/p_j, given component j.
func (s softmax) logPartition(c *interval.Context, r rule, j int) interval.Interval {
	start := s.relative(c, j)
	logOf := func(e []interval.Interval) interval.Interval { return c.Log(c.Quo(total(c, e), e[j])) }
	sums := r.integrate(start, func(e []interval.Interval) []interval.Interval {
		return []interval.Interval{logOf(e)}
	})
	return c.AddError(sums[0][0], r.logError(logOf(start)))
}

// total encloses Σ_k e_k.
func total(c *interval.Context, e []interval.Interval) interval.Interval {
	sum := e[0]
	for _, x := range e[1:] {
		sum = c.Add(sum, x)
	}
	return sum
}
