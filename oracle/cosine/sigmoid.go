package cosine

import (
	"math"

	"contrastcheck/oracle/line"
)

// The sigmoid loss of scores s = κ cos, the best over its bias b, with m negatives a positive,
//
//	L = min_b E sp(−s₀ − b) + m E sp(s₁ + b),   sp(t) = log(1 + e^t).
//
// Outside, sp(κ cos t + b) = Σ_n g_n cos nt, and E cos n(θ − φ) is a product of Fourier coefficients c_n = E cos nθ, as the law is even: with P_n = δ Σ_k w_k c_kn² + (1 − δ)c_n² and sp(−t) = sp(t) − t,
//
//	L(b) = Σ_n g_n(b)(P_n + m c_n²) − b − κP₁.

// outsideSigmoid encloses the loss at diag(1, ε): from above by that of any b, of which one near the best is found.
func outsideSigmoid(l line.Mixture, noise, temperature, negatives float64, rule gauss) (Enclosure, error) {
	p, err := onPlane(l, noise, temperature, rule)
	if err != nil {
		return Enclosure{}, err
	}
	s := p.scores(negatives)
	at := func(b float64) (value, slope float64) {
		g, d, _ := s.coefficients(b)
		value, slope = -b-p.scale*s.positive[1], -1
		for n, of := range s.both {
			value += g[n] * of
			slope += d[n] * of
		}
		return value, slope
	}
	b := root(func(b float64) float64 { _, slope := at(b); return slope }, p.scale+math.Abs(math.Log(negatives))+1)
	value, _ := at(b)
	_, _, missed := s.coefficients(b)
	return Enclosure{value, missed + s.error(b)}, nil
}

// scores are the laws of the scores of pairs and of independent points, by their Fourier coefficients.
type scores struct {
	scale, negatives float64
	positive, both   []float64 // P_n and P_n + m c_n², n = 0 … H
	cosines          []float64 // cos 2πj/T
	strip, height    float64   // β, and a bound of |sp| on |Im t| ≤ β but for |b|
	coefficient      func(b float64) float64
}

// strip is β with κ sinh β = 2: for |Im t| ≤ β, |Im(κ cos t + b)| ≤ 2, where |1 + e^z| lies between sin 2 and 1 + e^(Re z), so that
//
//	|sp(κ cos t + b)| ≤ κ cosh β + |b| + log 2 + 2,   |g_n| ≤ 2e^(−nβ) times that.
func strip(scale float64) float64 { return math.Asinh(2 / scale) }

const digitsOfSeries = 40 // e^−40 = 4e-18

func (p *plane) scores(negatives float64) scores {
	s := scores{scale: p.scale, negatives: negatives, strip: strip(p.scale)}
	s.height = p.scale*math.Cosh(s.strip) + math.Ln2 + 2
	modes := int(digitsOfSeries/s.strip) + 2
	s.cosines = make([]float64, 2*modes+2)
	for j := range s.cosines {
		s.cosines[j] = math.Cos(2 * math.Pi * float64(j) / float64(len(s.cosines)))
	}
	theta := make([]float64, len(p.cos))
	for j := range theta {
		theta[j] = math.Atan2(p.sin[j], p.cos[j])
	}
	for n := range modes {
		same, mean := 0.0, 0.0
		for k, given := range p.given {
			c := p.sumOver(func(j int) float64 { return given[j] * math.Cos(float64(n)*theta[j]) })
			same += p.weights[k] * c * c
			mean += p.weights[k] * c
		}
		positive := p.delta*same + (1-p.delta)*mean*mean
		s.positive = append(s.positive, positive)
		s.both = append(s.both, positive+negatives*mean*mean)
	}
	// E of any function of a score that is at most M on the ellipses errs by M(2 outer/w_k + …) where the pair is of component k, in all by 2 outer M: the rule is one in θ, then one in φ, whose masses sum to 1 nearly. Rounding of n θ is that of θ.
	s.coefficient = func(b float64) float64 {
		bounded := s.height + math.Abs(b)
		return (1 + negatives) * (3*p.outer*bounded*float64(len(p.means)) + 4*(p.density+p.sum)*bounded + 4*p.angle + 64*unit*bounded)
	}
	return s
}

// error bounds that of L(b) but for the series'.
func (s scores) error(b float64) float64 { return s.coefficient(b) }

// coefficients are g_n and their derivatives by b, by the trapezoidal rule on T > 2H points; missed bounds what the coefficients beyond change of L: those of n > H, and of n′ = kT ± n in place of n.
func (s scores) coefficients(b float64) (g, slope []float64, missed float64) {
	modes := len(s.both)
	points := len(s.cosines)
	g, slope = make([]float64, modes), make([]float64, modes)
	for j, cos := range s.cosines {
		z := s.scale*cos + b
		value, derivative := softplus(z)/float64(points), sigmoid(z)/float64(points)
		for n, at := 0, 0; n < modes; n++ {
			g[n] += value * s.cosines[at]
			slope[n] += derivative * s.cosines[at]
			if at += j; at >= points {
				at -= points
			}
		}
	}
	for n := 1; n < modes; n++ {
		g[n] *= 2
		slope[n] *= 2
	}
	return g, slope, (1 + s.negatives) * 8 * (s.height + math.Abs(b)) * math.Exp(-s.strip*float64(modes)) / (1 - math.Exp(-s.strip))
}

func softplus(t float64) float64 { return math.Max(t, 0) + math.Log1p(math.Exp(-math.Abs(t))) }

// root of an increasing function, within ±far and the rounding of its values.
func root(f func(float64) float64, far float64) float64 {
	low, high := -far, far
	for range 60 {
		if middle := (low + high) / 2; f(middle) < 0 {
			low = middle
		} else {
			high = middle
		}
	}
	return (low + high) / 2
}

// insideSigmoid encloses the loss in S_F, where scores are ±κ:
//
//	L(b) = P₊ sp(−κ−b) + P₋ sp(κ−b) + m[N₊ sp(κ+b) + N₋ sp(b−κ)],   P₊ + P₋ = N₊ + N₋ = 1,
//
// P₊ = ½(1 + E cc′) that a pair has one sign, N₊ = p₊² + p₋². Near its root b₀ the convex L has a derivative < 0 at b₁ < b₀ and > 0 at b₂, so that L ≥ L(b₁) + L′(b₁)(b₂ − b₁) everywhere.
func insideSigmoid(l line.Mixture, temperature, negatives float64) Enclosure {
	x, k := newLaw(l), 1/temperature
	c, right, left, err := x.signs()
	pair := x.attraction(c, 2*err)
	same, alike := (1+pair.Value)/2, right*right+left*left
	at := func(b float64) (value, slope float64) {
		value = same*softplus(-k-b) + (1-same)*softplus(k-b) + negatives*(alike*softplus(k+b)+2*right*left*softplus(b-k))
		slope = -same*sigmoid(-k-b) - (1-same)*sigmoid(k-b) + negatives*(alike*sigmoid(k+b)+2*right*left*sigmoid(b-k))
		return value, slope
	}
	far := k + math.Abs(math.Log(negatives)) + 1
	b := root(func(b float64) float64 { _, slope := at(b); return slope }, far)
	rounding := (1 + negatives) * (4*err + pair.Error + 32*unit)
	near := math.Max(1e-7, 1e-7*math.Abs(b))
	from, falling := at(b - near)
	_, rising := at(b + near)
	error := rounding * (k + math.Abs(b) + 2)
	if falling+rounding >= 0 || rising-rounding <= 0 {
		return Enclosure{from, math.Inf(1)}
	}
	lowest := from + falling*2*near
	value, _ := at(b)
	return Enclosure{(value + lowest) / 2, (value-lowest)/2 + error}
}

func sigmoid(t float64) float64 { return 1 / (1 + math.Exp(-t)) }
