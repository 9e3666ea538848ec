package cosine

import (
	"math"
	"sync"

	"contrastcheck/oracle/line"
)

// The InfoNCE loss with one negative, E sp(s₁ − s₀) = E sp(κ[cos(θ − φ) − cos(θ − θ̂)]), sp(t) = log(1 + e^t). With sp(κ[cos t − cos t₀]) = Σ_mn h_mn cos mt₀ cos nt and Fourier coefficients c_n = E cos nθ of the even law, c_kn given component k,
//
//	E cos m(θ − θ̂) cos n(θ − φ) = c_n [δ Σ_k w_k c_km ½(c_k,m+n + c_k,|m−n|) + (1 − δ) c_m ½(c_m+n + c_|m−n|)].

// outsideTriplet encloses the loss at diag(1, ε).
func outsideTriplet(l line.Mixture, noise, temperature float64, rule gauss) (Enclosure, error) {
	p, err := onPlane(l, noise, temperature, rule)
	if err != nil {
		return Enclosure{}, err
	}
	h, err := difference(p.scale)
	if err != nil {
		return Enclosure{}, err
	}
	modes := len(h.coefficients)
	given := make([][]float64, len(p.means))
	mean := make([]float64, 2*modes)
	for n := range 2 * modes {
		for k := range p.means {
			c := p.harmonic(k, n)
			given[k] = append(given[k], c)
			mean[n] += p.weights[k] * c
		}
	}
	product := func(c []float64, m, n int) float64 { return (c[m+n] + c[max(m-n, n-m)]) / 2 }
	value := 0.0
	for m, row := range h.coefficients {
		for n, of := range row {
			same := 0.0
			for k, w := range p.weights {
				same += w * given[k][m] * product(given[k], m, n)
			}
			value += of * mean[n] * (p.delta*same + (1-p.delta)*mean[m]*product(mean, m, n))
		}
	}
	// Three rules, one for each point: a function that is at most M on the ellipses errs by no more than M times each in any, and twice that as masses sum to 1 nearly. Masses err by density and sum, each of three angles by angle.
	rounding := 6*(p.density+p.sum+p.each) + 64*unit
	return Enclosure{value, h.missed + h.height*rounding + 6*p.angle}, nil
}

// harmonic is E[cos nθ | k].
func (p *plane) harmonic(k, n int) float64 {
	return p.sumOver(func(j int) float64 {
		return p.given[k][j] * math.Cos(float64(n)*math.Atan2(p.sin[j], p.cos[j]))
	})
}

// doubled are the Fourier coefficients of sp(κ[cos t − cos t₀]).
type doubled struct {
	coefficients   [][]float64 // h_mn, m, n = 0 … H
	height, missed float64     // a bound of the function where |Im t|, |Im t₀| ≤ β, and of what is left out and aliased
}

var differences sync.Map // κ → doubled

// difference returns them, by the trapezoidal rule on T > 2H points each way. For κ sinh β = 1 the argument's imaginary part is at most 2, |sp| at most 2κ cosh β + log 2 + 2, and |h_mn| at most 4e^(−(m+n)β) times that.
func difference(scale float64) (doubled, error) {
	if known, ok := differences.Load(scale); ok {
		return known.(doubled), nil
	}
	strip := math.Asinh(1 / scale)
	modes := int(digitsOfSeries/strip) + 2
	const most = 700
	if modes > most {
		return doubled{}, ErrPanels
	}
	points := 2*modes + 2
	cosines := make([]float64, points)
	for j := range cosines {
		cosines[j] = math.Cos(2 * math.Pi * float64(j) / float64(points))
	}
	transform := func(of func(j int) float64) []float64 { // along one angle; the function is even
		out := make([]float64, modes)
		for j := range points/2 + 1 {
			value := of(j) * 2 / float64(points)
			if j == 0 || j == points/2 {
				value /= 2
			}
			for n, at := 0, 0; n < modes; n++ {
				out[n] += value * cosines[at]
				if at += j; at >= points {
					at -= points
				}
			}
		}
		for n := 1; n < modes; n++ {
			out[n] *= 2
		}
		return out
	}
	rows := make([][]float64, points/2+1) // by t₀, along t
	for i := range rows {
		rows[i] = transform(func(j int) float64 { return softplus(scale * (cosines[j] - cosines[i])) })
	}
	h := doubled{coefficients: make([][]float64, modes), height: 2*scale*math.Cosh(strip) + math.Ln2 + 2}
	for m := range h.coefficients {
		h.coefficients[m] = make([]float64, modes)
	}
	for n := range modes {
		for m, x := range transform(func(i int) float64 { return rows[i][n] }) {
			h.coefficients[m][n] = x
		}
	}
	beyond := math.Exp(-strip * float64(modes))
	h.missed = 32 * h.height * beyond / ((1 - math.Exp(-strip)) * (1 - math.Exp(-strip)))
	differences.Store(scale, h)
	return h, nil
}

// insideTriplet encloses the loss in S_F, where f = σu, and scores are ±κ: with q_kσ = Φ(σa_k) and p_σ = Σ_k w_k q_kσ,
//
//	L = Σ_k w_k Σ_σ q_kσ Σ_τ [δ q_kτ + (1 − δ)p_τ] Σ_ρ p_ρ sp(κ[σρ − στ]).
func insideTriplet(l line.Mixture, temperature float64) Enclosure {
	x, k := newLaw(l), 1/temperature
	_, right, left, err := x.signs()
	p := [2]float64{right, left}
	value := 0.0
	for i, a := range x.means {
		q := [2]float64{math.Erfc(-a/math.Sqrt2) / 2, math.Erfc(a/math.Sqrt2) / 2}
		for s := range 2 {
			for t := range 2 {
				for r := range 2 {
					score := func(other int) float64 { return k * float64(1-2*max(s-other, other-s)) }
					value += x.weights[i] * q[s] * (x.delta*q[t] + (1-x.delta)*p[t]) * p[r] * softplus(score(r)-score(t))
				}
			}
		}
	}
	return Enclosure{value, (4*err + 32*unit) * (2*k + 1)}
}
