package solver

import (
	"math"
	"testing"

	"contrastcheck/gmm"

	"gonum.org/v1/gonum/mat"
)

var hingeLosses = map[string]Loss{
	"hinge": Hinge(1), "hinge of a small margin": Hinge(0.1), "distance-hinge": DistanceHinge(1), "distance-hinge of a large margin": DistanceHinge(5),
}

// As of logistic losses.
func TestHingeDerivatives(t *testing.T) { checkDerivatives(t, hingeLosses, 1e-2) }

// As of logistic losses.
func TestHingeErrorsAreHonest(t *testing.T) { checkErrors(t, hingeLosses) }

// lossOfHinge is the loss in one dimension: given x̂ and y the score is linear in x, so that the mean over x is closed; over x̂ and y by Riemann sums over normal noise.
func lossOfHinge(p gmm.Pairs, m, margin float64, distances bool) float64 {
	const h, reach = 1.0 / 16, 9
	weights, means := p.Weights(), mat.Col(nil, 0, p.Left.Means())
	sd := math.Sqrt(p.Left.Covariance().At(0, 0))
	var sum float64
	for j, w := range weights {
		for k, partner := range weights {
			partner *= 1 - p.Delta()
			if k == j {
				partner += p.Delta()
			}
			for l, u := range weights {
				for a := -float64(reach); a <= reach; a += h {
					for b := -float64(reach); b <= reach; b += h {
						positive, negative := means[k]+sd*a, means[l]+sd*b
						slope, middle := m*(negative-positive), 0.0
						if distances {
							middle = (positive + negative) / 2
						}
						mean, deviation := margin+slope*(means[j]-middle), math.Abs(slope)*sd
						above := math.Max(mean, 0)
						if deviation > 0 {
							z := mean / deviation
							above = mean*math.Erfc(-z/math.Sqrt2)/2 + deviation*math.Exp(-z*z/2)/math.Sqrt(2*math.Pi)
						}
						sum += w * partner * u * h * h / (2 * math.Pi) * math.Exp(-(a*a+b*b)/2) * above
					}
				}
			}
		}
	}
	return sum
}

// The closed form agrees with the definition, integrated on a line, for all sizes of M beside the margin.
func TestHingeIsTheDefinition(t *testing.T) {
	for _, text := range []string{
		`{"weights": [3, 7], "means": [[2], [-1]], "covariance": [[1]], "delta": "1/3"}`,
		`{"weights": [1, 2, 3], "means": [[1], [-1], ["0.3"]], "covariance": [["1/2"]], "delta": 1}`,
	} {
		p := readPairs(t, text)
		for _, a := range []float64{0, 1e-3, 0.2, 0.5, 1, 2} {
			for _, margin := range []float64{0.5, 1, 4} {
				for _, distances := range []bool{false, true} {
					l := Hinge(margin)
					if distances {
						l = DistanceHinge(margin)
					}
					got, off, err := Evaluate(l, p, mat.NewDense(1, 1, []float64{a}), nil)
					if err != nil {
						t.Fatal(err)
					}
					want := lossOfHinge(p, a*a, margin, distances)
					digits := 1e-11
					if margin < 4*a*a { // scores so steep that the sums are coarse, where y is near x̂
						digits = 1e-5
					}
					if math.Abs(got-want) > off+digits*(1+want) || off > 1e-12 {
						t.Errorf("%s, %s, A = %g, margin %g: the loss is %.14g ± %.1g, by its definition %.14g", text, l.Name, a, margin, got, off, want)
					}
				}
			}
		}
	}
}
