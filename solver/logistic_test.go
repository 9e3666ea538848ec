package solver

import (
	"math"
	"math/rand/v2"
	"testing"

	"contrastcheck/generators"
	"contrastcheck/gmm"
	"contrastcheck/internal/enough"
	"contrastcheck/oracle"
	"contrastcheck/solver/internal/dense"
	"contrastcheck/solver/term"

	"gonum.org/v1/gonum/mat"
)

// logisticLosses are those of logistic functions, with few and many negatives and biases far off.
var logisticLosses = map[string]Loss{
	"triplet": Triplet, "distance-triplet": DistanceTriplet,
	"sigmoid": Sigmoid(1, Bias{}), "sigmoid, many": Sigmoid(1e4, Bias{}), "sigmoid, few": Sigmoid(1e-4, Bias{}),
	"sigmoid of a bias": Sigmoid(3, FixedBias(-1)), "sigmoid of a low bias": Sigmoid(1, FixedBias(-9)), "sigmoid of a high bias": Sigmoid(1, FixedBias(9)),
	"distance-sigmoid": DistanceSigmoid(1), "distance-sigmoid, many": DistanceSigmoid(1e4), "distance-sigmoid, few": DistanceSigmoid(1e-4),
}

// Taylor's theorem, as for InfoNCE, with differences to both sides: the third derivative cancels in the second; the bias is minimised over at every matrix.
func TestLogisticDerivatives(t *testing.T) { checkDerivatives(t, logisticLosses, 3e-2) }

// checkDerivatives takes steps of no more than the longest, over which no kink of a loss that is all but smoothed may pass.
func checkDerivatives(t *testing.T, losses map[string]Loss, longest float64) {
	for name, l := range losses {
		rng := rand.New(rand.NewPCG(21, 0))
		informative := 0
		for i := range enough.Cases(15) {
			p := randomPairs(t, rng)
			if i%3 == 2 && l.Admits(generators.Paired().Example(i)) == nil {
				p = generators.Paired().Example(i)
			}
			f := whole(t, l, p)
			rows, columns := len(f.Law.Left.Second), len(f.Law.Right.Second)
			m, v := f.drawn(rng, 0.1), f.drawn(rng, 1/math.Sqrt(float64(rows*columns)))
			at := func(x *mat.Dense) (pt *term.Point, value, off float64) {
				pt, err := evaluated(f, x, 1e-14)
				if err != nil {
					t.Fatal(name, err)
				}
				value, off = pt.Value()
				return pt, value, off
			}
			pt, here, off := at(m)
			slope, bend := dense.Inner(pt.Iterate().Gradient, v), dense.Inner(curvature(t, pt, v), v)
			var first, second [2]float64
			for j, h := range []float64{longest, longest / 10} {
				_, above, _ := at(shifted(m, h, v))
				_, below, _ := at(shifted(m, -h, v))
				first[j] = math.Abs((above-below)/2 - h*slope)
				second[j] = math.Abs((above+below)/2 - here - h*h*bend/2)
			}
			if first[1] > 100*off {
				informative++
				if first[0] < 300*first[1] {
					t.Errorf("%s, case %d: the gradient's remainder falls from %.2g to %.2g, want by 1000", name, i, first[0], first[1])
				}
			}
			if second[1] > 100*off {
				informative++
				if second[0] < 3000*second[1] {
					t.Errorf("%s, case %d: the Hessian's remainder falls from %.2g to %.2g, want by 10⁴", name, i, second[0], second[1])
				}
			}
		}
		if informative < enough.Least(5) {
			t.Errorf("%s: only %d slopes told", name, informative)
		}
	}
}

// drawn is a random matrix of the loss's kind.
func (f *stated) drawn(rng *rand.Rand, size float64) *mat.Dense {
	if f.Law.Symmetric() {
		return randomSymmetric(rng, len(f.Law.Left.Second), size)
	}
	out := mat.NewDense(len(f.Law.Left.Second), len(f.Law.Right.Second), nil)
	out.Apply(func(int, int, float64) float64 { return size * rng.NormFloat64() }, out)
	return out
}

// The estimated errors of a gradient and of the loss are ones of their true errors, by a far finer rule; and the loss is that of a representation.
func TestLogisticErrorsAreHonest(t *testing.T) { checkErrors(t, logisticLosses) }

func checkErrors(t *testing.T, losses map[string]Loss) {
	for name, l := range losses {
		rng := rand.New(rand.NewPCG(21, 1))
		for i := range enough.Cases(5) {
			p := randomPairs(t, rng)
			f := whole(t, l, p)
			n := len(f.Law.Left.Second)
			a := mat.NewDense(n, n, nil)
			a.Apply(func(int, int, float64) float64 { return 0.4 * rng.NormFloat64() / float64(n) }, a)
			m := new(mat.Dense)
			m.Mul(a, a.T())
			fine, err := evaluated(f, m, 1e-15)
			if err != nil {
				t.Fatal(name, err)
			}
			value, valueError := fine.Value()
			for _, tolerance := range []float64{1e-2, 1e-5, 1e-9} {
				coarse, err := evaluated(f, m, tolerance)
				if err != nil {
					t.Fatal(name, err)
				}
				var off mat.Dense
				off.Sub(coarse.Iterate().Gradient, fine.Iterate().Gradient)
				if got := f.Metric().Dual(&off); got > coarse.Iterate().Err+fine.Iterate().Err {
					t.Errorf("%s, case %d: the gradient is off by %.2g, its estimate is %.2g", name, i, got, coarse.Iterate().Err)
				}
				if loss, lossError := coarse.Value(); math.Abs(loss-value) > lossError+valueError {
					t.Errorf("%s, case %d: the loss is off by %.2g, its estimate is %.2g", name, i, loss-value, lossError)
				}
			}
			two, twoError, err := Evaluate(l, p, f.factor(f.Law.Left.Rotation, a, f.whitened.Left, p.Left).Columns, nil)
			if err != nil || math.Abs(two-value) > valueError+twoError+1e-13 {
				t.Errorf("%s, case %d: f(AAᵀ) = %v, L(A) = %v, errors %.2g and %.2g (%v)", name, i, value, two, valueError, twoError, err)
			}
		}
	}
}

// lossOfLogistic is the loss in one dimension by Riemann sums over normal noise, for a bias.
func lossOfLogistic(p gmm.Pairs, m, negatives, bias float64, distances bool) float64 {
	const h, reach = 0.05, 9
	weights, means := p.Weights(), mat.Col(nil, 0, p.Left.Means())
	sd := math.Sqrt(p.Left.Covariance().At(0, 0))
	sp := func(u float64) float64 { return math.Max(u, 0) + math.Log1p(math.Exp(-math.Abs(u))) }
	var sum float64
	for j, w := range weights {
		for k, u := range weights {
			together := (1 - p.Delta()) * w * u
			if k == j {
				together += p.Delta() * w
			}
			for a := -float64(reach); a <= reach; a += h {
				for b := -float64(reach); b <= reach; b += h {
					x, y := means[j]+sd*a, means[k]+sd*b
					score := m * x * y
					if distances {
						score = -m * (x - y) * (x - y) / 2
					}
					density := h * h / (2 * math.Pi) * math.Exp(-(a*a+b*b)/2)
					sum += density * (together*sp(-score-bias) + negatives*w*u*sp(score+bias))
				}
			}
		}
	}
	return sum
}

// The closed form agrees with the definition, integrated on a line by brute force: at its own best bias, and at no other is the loss smaller.
func TestSigmoidIsTheDefinition(t *testing.T) {
	for _, text := range []string{
		`{"weights": [3, 7], "means": [[2], [-1]], "covariance": [[1]], "delta": "1/3"}`,
		`{"weights": [1, 2, 3], "means": [[1], [-1], ["0.3"]], "covariance": [["1/2"]], "delta": 1}`,
	} {
		p := readPairs(t, text)
		for _, m := range []float64{1e-6, 0.25, 1, 64, 1e6} {
			for _, distances := range []bool{false, true} {
				l := Sigmoid(m, Bias{})
				if distances {
					l = DistanceSigmoid(m)
				}
				c, err := Minimise(l, p, Options{Method: Blind})
				if err != nil {
					t.Fatal(err)
				}
				a, bias := math.Sqrt(c.Constrained.Form.Matrix(p).At(0, 0)), c.Constrained.Bias
				got, off, err := Evaluate(l, p, mat.NewDense(1, 1, []float64{a}), nil)
				if err != nil {
					t.Fatal(err)
				}
				want := lossOfLogistic(p, a*a, m, bias, distances)
				digits := 1e-11 * math.Min(1, m) * (1 + math.Abs(bias))
				if math.Abs(got-want) > off+digits || off > digits {
					t.Errorf("%s, m = %g, %s: the loss is %.14g ± %.1g, by its definition %.14g", text, m, l.Name, got, off, want)
				}
				for _, other := range []float64{-1e-3, 1e-3} {
					if beside := lossOfLogistic(p, a*a, m, bias+other, distances); beside < want {
						t.Errorf("%s, m = %g, %s: the loss is %.14g at a bias of %.8g, and %.14g at one %g higher", text, m, l.Name, want, bias, beside, other)
					}
				}
			}
		}
	}
}

// Whoever solves a sigmoid loss with other parameters finds no minimiser, however well it converges.
func TestOracleCatchesOtherParameters(t *testing.T) {
	p := readPairs(t, `{"weights": [1, 3], "means": [[2, 0], [0, 1]], "covariance": "identity"}`)
	centre, err := p.Centre()
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range []float64{0.25, 1, 64} {
		for name, c := range map[string]struct {
			loss   Loss
			judged oracle.Loss
			pairs  gmm.Pairs
			right  bool
		}{
			"nothing":                       {Sigmoid(m, Bias{}), oracle.Sigmoid(m, oracle.Bias{}), p, true},
			"m too large by 1e-4":           {Sigmoid(1.0001*m, Bias{}), oracle.Sigmoid(m, oracle.Bias{}), p, false},
			"a bias of 0 for the best":      {Sigmoid(m, FixedBias(0)), oracle.Sigmoid(m, oracle.Bias{}), p, false},
			"the best bias for one of 1":    {Sigmoid(m, Bias{}), oracle.Sigmoid(m, oracle.FixedBias(1)), p, false},
			"nothing, at a bias":            {Sigmoid(m, FixedBias(1)), oracle.Sigmoid(m, oracle.FixedBias(1)), p, true},
			"a bias off by 1e-4":            {Sigmoid(m, FixedBias(1.0001)), oracle.Sigmoid(m, oracle.FixedBias(1)), p, false},
			"nothing, of distances":         {DistanceSigmoid(m), oracle.DistanceSigmoid(m), centre, true},
			"m too large, of distances":     {DistanceSigmoid(1.0001 * m), oracle.DistanceSigmoid(m), centre, false},
			"products for distances":        {Sigmoid(m, Bias{}), oracle.DistanceSigmoid(m), centre, false},
			"distances for products":        {DistanceSigmoid(m), oracle.Sigmoid(m, oracle.Bias{}), centre, false},
			"a triplet for a sigmoid":       {DistanceTriplet, oracle.DistanceSigmoid(m), centre, false},
			"the triplet of products":       {Triplet, oracle.DistanceTriplet, centre, false},
			"the triplet of distances, too": {DistanceTriplet, oracle.DistanceTriplet, centre, true},
		} {
			found, err := Minimise(c.loss, c.pairs, Options{Method: Blind})
			if err != nil {
				t.Fatal(name, err)
			}
			f, err := oracle.JudgePair(c.judged, c.pairs, found.Free.Form.Matrix(c.pairs), unit(2), 1e-12)
			if err != nil {
				t.Fatal(name, err)
			}
			if caught := f.Distance > 1000*found.Free.DistanceBound; caught == c.right {
				t.Errorf("m = %g, %s: the oracle bounds the distance by %.2g, the solver claims %.2g", m, name, f.Distance, found.Free.DistanceBound)
			}
		}
	}
}
