package term

import (
	"errors"
	"math"

	"contrastcheck/solver/internal/dense"
)

// score is the law of t = xᵀMv under one triple: with a = 1 + 2ω²s², coordinate by coordinate,
//
//	E e^{iωt} = Π a^{−½} exp((iω product − ω² square)/a),   product = s xv, square = s²(x² + ½v²).
type score struct {
	weight                    float64
	spectrum, square, product []float64
}

// scoresOf states the scores of triples, with factors of x² + ½v² and of xv.
func scoresOf(labels []triple, spectrum []float64, factors func(s float64) (ofSquare, ofProduct float64)) []score {
	var out []score
	for _, t := range labels {
		of := score{t.weight, spectrum, make([]float64, len(spectrum)), make([]float64, len(spectrum))}
		for i, s := range spectrum {
			square, product := factors(s)
			of.square[i] = square * (t.x[i]*t.x[i] + t.v[i]*t.v[i]/2)
			of.product[i] = product * t.x[i] * t.v[i]
		}
		out = append(out, of)
	}
	return out
}

// exponent is log E e^{iωt}.
func (t score) exponent(omega float64) (re, im float64) {
	for i, s := range t.spectrum {
		a := 1 + 2*omega*omega*s*s
		re -= math.Log(a)/2 + omega*omega*t.square[i]/a
		im += omega * t.product[i] / a
	}
	return re, im
}

// meanSoftplus is E log(1 + e^t) = ½E t + log 2 + ∫_0^∞ (1 − Re E e^{iωt})/(ω sinh πω) dω, and the size of its terms. 1 − Re e^z is taken as
// 2 sin²(½ Im z) − expm1(Re z) cos(Im z), which loses no digits.
func meanSoftplus(scores []score, over waves) (value, size float64) {
	value, size = math.Ln2, 1
	for _, t := range scores {
		for _, x := range t.product {
			value += t.weight * x / 2
			size += t.weight * math.Abs(x)
		}
	}
	for n, omega := range over.frequencies {
		var sum float64
		for _, t := range scores {
			re, im := t.exponent(omega)
			sine := math.Sin(im / 2)
			sum += t.weight * (2*sine*sine - math.Expm1(re)*math.Cos(im))
		}
		value += over.weights[n] * sum / omega
	}
	return value, size
}

// LogisticOf is the logistic term of a side in r dimensions at M = 1, with an estimate of its error: in the eigenvectors of its covariance S the
// score is one of spectrum s and of points x/√s, so that square = s(x² + ½v²) and product = xv.
func LogisticOf(weights []float64, delta float64, side Projected) (value, err float64, failure error) {
	spectrum, turn := dense.Eigen(side.Covariance)
	means := dense.Times(turn.T(), side.Means)
	scores := scoresOf(triples(weights, delta, means), spectrum, func(s float64) (ofSquare, ofProduct float64) { return max(0, s), 1 })
	r, k := means.Dims()
	rounding := float64(16*r+4*k+64) * unitRoundoff
	last := math.Inf(1)
	for _, n := range panels {
		var size float64
		value, size = meanSoftplus(scores, newWaves(n))
		err = math.Abs(value-last) + rounding*size
		if last = value; err <= 2*rounding*size {
			break
		}
	}
	if math.IsNaN(err) {
		return value, math.Inf(1), errors.New("solver: the scores are too large to integrate")
	}
	return value, err, nil
}
