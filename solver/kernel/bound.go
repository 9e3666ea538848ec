package kernel

import (
	"math"

	"gonum.org/v1/gonum/mat"
)

// bound is a lower bound of the loss of all kernels that are conditionally positive semidefinite, with any ψ beside them. For a symmetric law Q of pairs of nodes with the margins F,
//
//	L(T) ≥ Σ_ij (Q_ij − F̂_ij) T_ij − KL(Q ‖ F⊗F)
//
// by Gibbs' inequality; the sum is ≥ 0 for all those T if Q − F̂ ⪰ 0, as its rows sum to 0. The tilted law at the best features is such a Q. At others it is mixed with the law of pairs of equal
// nodes, (1 − t)Q + t diag F: as diag F ⪰ F̂, a small t suffices. It is the least of some for which a Cholesky factorisation succeeds, and KL is convex in Q. F̂ itself is such a Q, too, and its bound the
// information of a pair.
func (c *completed) bound(f []float64) float64 {
	n := len(c.Weights)
	roots := make([]float64, n)
	entropy := 0.0 // KL(diag F ‖ F⊗F)
	for i, w := range c.Weights {
		roots[i] = math.Sqrt(w)
		entropy -= w * math.Log(w)
	}
	excess := mat.NewSymDense(n, nil)
	for i := range n {
		for j := i; j < n; j++ {
			excess.SetSym(i, j, c.scale[i]*c.scale[j]*c.kernel[i*n+j]/(roots[i]*roots[j]))
		}
	}
	trace := mat.Trace(excess)
	semidefinite := func(t float64) bool {
		var scaled mat.SymDense
		scaled.ScaleSym(1-t, excess)
		for i := range n {
			for j := i; j < n; j++ { // F̂ and the constant, of which rows sum to 0 in Q − F̂
				pair := -c.delta
				for k, p := range c.posterior[i] {
					pair += c.delta * p * c.posterior[j][k] / c.prior[k]
				}
				scaled.SetSym(i, j, scaled.At(i, j)-pair*roots[i]*roots[j])
			}
			scaled.SetSym(i, i, scaled.At(i, i)+t)
		}
		var factor mat.Cholesky
		return factor.Factorize(&scaled)
	}
	low, high := math.Log(float64(n)*0x1p-53), 0.0 // of t
	if !semidefinite(1) {                          // components so far apart that F̂ has two eigenvalues 1, to rounding
		return -c.information()
	}
	for high-low > 0.5 {
		if middle := (low + high) / 2; semidefinite(math.Exp(middle)) {
			high = middle
		} else {
			low = middle
		}
	}
	// A factorisation that succeeds has seen the matrix but for (n + 2)·2⁻⁵³ of its trace (Rump, BIT 2006), which a larger t outweighs.
	t := min(1, math.Exp(high)+float64(n+2)*0x1p-53*(trace+1)/max(1-c.second(), 0x1p-26))
	return max(-(1-t)*c.divergence(f)-t*entropy, -c.information())
}

// information is KL(F̂ ‖ F⊗F) on the grid.
func (g *Grid) information() (value float64) {
	for i, w := range g.Weights {
		for j, v := range g.Weights {
			ratio := 1 - g.delta
			for k, p := range g.posterior[i] {
				ratio += g.delta * p * g.posterior[j][k] / g.prior[k]
			}
			if ratio > 0 {
				value += w * v * ratio * math.Log(ratio)
			}
		}
	}
	return value
}

// second is the second eigenvalue of F̂ as an operator: 1 − second is the least of diag F − F̂ off the constants.
func (g *Grid) second() float64 {
	k := len(g.prior)
	if k < 2 {
		return 0
	}
	gram := mat.NewSymDense(k, nil)
	for i, w := range g.Weights {
		for a := range k {
			for b := a; b < k; b++ {
				gram.SetSym(a, b, gram.At(a, b)+g.delta*w*g.posterior[i][a]*g.posterior[i][b]/math.Sqrt(g.prior[a]*g.prior[b]))
			}
		}
	}
	var eigen mat.EigenSym
	eigen.Factorize(gram, false)
	return eigen.Values(nil)[k-2]
}

// widened are the features beside one more, small, in the direction of the least eigenvalue of Q − F̂.
func (e Encoder) widened() []float64 {
	g, n, r := e.grid, len(e.grid.Weights), e.Outputs
	c := newCompleted(g, r)
	copy(c.logs, e.logs)
	c.balance(e.Features)
	excess := mat.NewSymDense(n, nil)
	for i := range n {
		for j := i; j < n; j++ {
			pair := 1 - g.delta
			for k, p := range g.posterior[i] {
				pair += g.delta * p * g.posterior[j][k] / g.prior[k]
			}
			excess.SetSym(i, j, c.scale[i]*c.scale[j]*c.kernel[i*n+j]/math.Sqrt(g.Weights[i]*g.Weights[j])-pair*math.Sqrt(g.Weights[i]*g.Weights[j]))
		}
	}
	var eigen mat.EigenSym
	eigen.Factorize(excess, true)
	var vectors mat.Dense
	eigen.VectorsTo(&vectors)
	const small = 0.1
	out := make([]float64, n*(r+1))
	for i := range n {
		copy(out[i*(r+1):], e.Features[i*r:(i+1)*r])
		out[i*(r+1)+r] = small * vectors.At(i, 0) / math.Sqrt(g.Weights[i])
	}
	return out
}
