package cosine

import (
	"math"

	"contrastcheck/oracle/line"
)

// outsideInfoNCE encloses the loss with infinitely many negatives at diag(1, ε),
//
//	L = −κ E cos(θ − θ̂) + E log Z(θ),   Z(θ) = E e^(κ cos(θ − φ)).
//
// On the ellipses |log Z| ≤ κ cosh(Im θ) + 0.8: |Z| lies between cos 0.6 and 1 times E e^(κ Re cos).
func outsideInfoNCE(l line.Mixture, noise, temperature float64, rule gauss) (Enclosure, error) {
	p, err := onPlane(l, noise, temperature, rule)
	if err != nil {
		return Enclosure{}, err
	}
	c, missed := p.cosines()
	positive := p.attraction(c, missed)
	z := p.partition()
	mean := p.sumOver(func(j int) float64 { return p.mass[j] * math.Log(z[j]) })
	const cosh = 1.55 // of |Im θ| ≤ 1
	k := p.scale
	logarithm := 2 * (p.inner + p.density + p.sum + 2*p.angle + 8*unit*(k+1)) // of an error of Z that is relative
	outer := p.outer*(k*cosh+0.8) + (2*p.density+p.sum+8*unit)*(k+1)
	return Enclosure{mean - k*positive.Value, k*positive.Error + logarithm + outer + 4*unit*k}, nil
}

// partition is Z at the nodes: Σ_j mass_j ½(e^(κ cos(θ_i − θ_j)) + e^(κ cos(θ_i + θ_j))), a panel i and a panel j at a time, as the kernel is symmetric.
func (p *plane) partition() []float64 {
	n := len(p.cos)
	z, kernel := make([]float64, n), make([]float64, p.order)
	for from := 0; from < n; from += p.order {
		for i := range from + p.order {
			along, across := p.scale*p.cos[i], p.scale*p.sin[i]
			part := 0.0
			for j := range p.order {
				a, b := along*p.cos[from+j], across*p.sin[from+j]
				kernel[j] = (math.Exp(a+b) + math.Exp(a-b)) / 2
				part += p.mass[from+j] * kernel[j]
			}
			z[i] += part
			if i < from {
				for j, k := range kernel {
					z[from+j] += p.mass[i] * k
				}
			}
		}
	}
	return z
}

// insideInfoNCE encloses the loss in S_F, L_in = −κ E cc′ + p₊Λ(1) + p₋Λ(−1): f = ±u, with P(f = u | k) = Φ(a_k), p₊ = Σ w_kΦ(a_k) and Λ(±1) = log(p₊e^(±κ) + p₋e^(∓κ)).
func insideInfoNCE(l line.Mixture, temperature float64) Enclosure {
	x, k := newLaw(l), 1/temperature
	c, right, left, err := x.signs()
	positive := x.attraction(c, 2*err)
	anchored := right*logSum(right, left, k) + left*logSum(left, right, k)
	return Enclosure{anchored - k*positive.Value, k*positive.Error + (1+k)*(4*err+16*unit)}
}

// logSum is log(p e^κ + q e^(−κ)).
func logSum(p, q, k float64) float64 { return k + math.Log(p+q*math.Exp(-2*k)) }

// signs are E[f·u | k] = 2Φ(a_k) − 1 and P(f = ±u), with a bound of the relative error of Φ, of p₊ and of p₋.
func (x law) signs() (c []float64, right, left, err float64) {
	for k, a := range x.means {
		c = append(c, math.Erf(a/math.Sqrt2))
		right += x.weights[k] * math.Erfc(-a/math.Sqrt2) / 2
		left += x.weights[k] * math.Erfc(a/math.Sqrt2) / 2
	}
	// Erf and Erfc err by a unit or so of their size, and by 4 |a|(|a| + 1) of the argument: d log Φ/da ≤ |a| + 1.
	return c, right, left, unit * (8 + 4*x.farthest*(x.farthest+1) + float64(len(c)))
}
