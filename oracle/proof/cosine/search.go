package cosine

import (
	"errors"
	"fmt"
	"math"
	"math/big"

	"contrastcheck/oracle/cosine"
	"contrastcheck/oracle/line"
)

// Prove looks for a refutation at a temperature and checks it; with a noise, if that is not nil, at that ε. The errors are ErrUndecided where the bounds do not meet, gmm.ErrCost where they would take more than limit times a minute, and
// ErrShape of numbers beyond limits.
func Prove(l line.Mixture, temperature, noise *big.Rat, limit float64) (Refutation, Bounds, error) {
	r, err := search(l, temperature, noise, limit)
	if err != nil {
		return Refutation{}, Bounds{}, err
	}
	if err := r.Affordable(l, limit); err != nil {
		return Refutation{}, Bounds{}, err
	}
	b, err := r.Check(l)
	return r, b, err
}

// search looks for a refutation in floating point: the errors are ErrUndecided and ErrShape. A series that is not affordable is passed over.
func search(l line.Mixture, temperature, noise *big.Rat, limit float64) (Refutation, error) {
	if err := (Refutation{Temperature: temperature, Noise: big.NewRat(1, 1)}).acceptable(); err != nil {
		return Refutation{}, err
	}
	heat, _ := temperature.Float64()
	gain := func(noise float64) (float64, error) {
		f, err := cosine.JudgeNoise(l, cosine.InfoNCE, heat, noise)
		if err != nil {
			return 0, fmt.Errorf("%w: %w", ErrUndecided, err)
		}
		return f.Gain(), nil
	}
	var most float64
	if noise == nil {
		best, err := cosine.Best(l, cosine.InfoNCE, heat)
		if err != nil {
			return Refutation{}, fmt.Errorf("%w: %w", ErrUndecided, err)
		}
		if most, err = gain(best); err != nil {
			return Refutation{}, err
		}
		if !(most > 0) {
			return Refutation{}, fmt.Errorf("%w: the loss at diag(1, %.3g) is not known to be lower than inside", ErrUndecided, best)
		}
		noise = simple(best, func(x float64) bool {
			const enough = 0.99 // of the gain at the best
			g, err := gain(x)
			return err == nil && g >= enough*most
		})
	}
	at, _ := noise.Float64()
	most, err := gain(at)
	if err != nil {
		return Refutation{}, err
	}
	if !(most > 0) {
		return Refutation{}, fmt.Errorf("%w: the loss at diag(1, %s) is not known to be lower than inside", ErrUndecided, noise.RatString())
	}
	if noise.Cmp(big.NewRat(1, 1)) == 0 {
		r := Refutation{Temperature: temperature, Noise: noise}
		if r.Affordable(l, limit) == nil {
			if _, err := r.Check(l); !errors.Is(err, ErrUndecided) {
				return r, err
			}
		}
	}
	r, ok := cheapest(l, temperature, noise, most)
	if !ok {
		return Refutation{}, fmt.Errorf("%w: a rule that tells the losses apart has more than %d nodes", ErrUndecided, mostNodes)
	}
	return r, r.acceptable()
}

// cheapest is the rule of the least cost for a gain: of even nodes, or of nodes that are squeezed by a power of 2.
func cheapest(l line.Mixture, temperature, noise *big.Rat, gain float64) (best Refutation, found bool) {
	heat, _ := temperature.Float64()
	at, _ := noise.Float64()
	half := big.NewRat(1, 2)
	for squeeze := big.NewRat(1, 1); ; squeeze = new(big.Rat).Mul(squeeze, half) {
		q, _ := squeeze.Float64()
		if q < 1 && q < at {
			return best, found
		}
		r := Refutation{Temperature: temperature, Noise: noise}
		if q < 1 {
			r.Squeeze = squeeze
		}
		if r.Nodes, r.Strip = rule(l, heat, at, q, gain); r.Strip != nil && (!found || r.cost(l).Seconds < best.cost(l).Seconds) {
			best, found = r, true
		}
	}
}

// simple is a fraction of a small denominator near x > 0 that will do; x itself where none does.
func simple(x float64, do func(float64) bool) *big.Rat {
	const tries = 100
	first := int64(math.Ceil(1 / (2 * x))) // below, all round to 0
	for i := range int64(tries) {
		q := first + i*max(1, first/16)
		if p := int64(math.Round(x * float64(q))); p > 0 && do(float64(p)/float64(q)) {
			return big.NewRat(p, q)
		}
	}
	return new(big.Rat).SetFloat64(x)
}

// rule returns the strip of the fewest nodes, squeezed by q, whose errors are a millionth of the gain, by the formulas of law.strip; nil where those are too many.
func rule(l line.Mixture, temperature, noise, squeeze, gain float64) (nodes int, strip *big.Rat) {
	weights, means, _ := l.Floats()
	noise /= squeeze
	scale, inverse := 1/temperature, 1/(noise*noise)
	turned, _ := arc.Float64()
	widest := math.Atanh(squeeze * math.Tanh(math.Asinh(turned/scale)))
	if noise != 1 {
		widest = math.Min(widest, math.Atanh(math.Min(noise, 1/noise)))
	}
	const parts, small = 128, 1e-6
	fewest := math.Inf(1)
	for i := 1; i < parts; i++ {
		b := widest * float64(i) / parts
		least := ((1 + inverse) - math.Abs(1-inverse)*math.Cosh(2*b)) / 2
		steep := math.Cosh(b) * math.Cosh(b) / least
		if noise > 1 {
			steep = math.Min(steep, (1+inverse/least)/(1-inverse))
		}
		density := 0.0
		for k, a := range means {
			reach := math.Abs(a) * math.Sqrt(steep)
			density += weights[k] * (math.Exp(-a*a/2) + 2.51*reach*math.Exp((reach*reach-a*a)/2)) / (2 * math.Pi * noise * least)
		}
		// The inner error is one of Z, which is at least e^(−κ).
		need := (math.Log(4*math.Pi*density*(1+scale)/(small*gain)) + scale*(1+math.Cosh(math.Atanh(math.Tanh(b)/squeeze)))) / b
		const grid = 1 << 16
		if cells := int64(b * grid); least > 0 && cells > 0 && need < fewest {
			fewest = need
			strip = big.NewRat(cells, grid)
		}
	}
	const spare = 4 // for what is rounded up
	if strip == nil || !(fewest < mostNodes-spare) {
		return 0, nil
	}
	return 2 * int(math.Ceil(fewest/2)+1), strip
}
