package solver_test

import (
	"math"
	"strconv"
	"strings"
	"testing"

	"contrastcheck/gmm"
	"contrastcheck/oracle"
	"contrastcheck/solver"

	"gonum.org/v1/gonum/mat"
)

// logistic is a loss as both pillars know it.
type logistic struct {
	solver solver.Loss
	oracle oracle.Loss
}

func sigmoid(m float64) logistic {
	return logistic{solver.Sigmoid(m, solver.Bias{}), oracle.Sigmoid(m, oracle.Bias{})}
}

func sigmoidAt(m, bias float64) logistic {
	return logistic{solver.Sigmoid(m, solver.FixedBias(bias)), oracle.Sigmoid(m, oracle.FixedBias(bias))}
}

var distanceTriplet = logistic{solver.DistanceTriplet, oracle.DistanceTriplet}

// printed is a number and half a unit of its last digit.
func printed(t *testing.T, text string) (value, half float64) {
	t.Helper()
	value, err := strconv.ParseFloat(text, 64)
	if err != nil {
		t.Fatal(err)
	}
	mantissa, exponent, _ := strings.Cut(text, "e")
	power := 0
	if exponent != "" {
		if power, err = strconv.Atoi(exponent); err != nil {
			t.Fatal(err)
		}
	}
	_, decimals, _ := strings.Cut(mantissa, ".")
	return value, 0.5001 * math.Pow10(power-len(decimals))
}

// The eigenvalues of M_u on the subspace and the best bias are those of the reference to all of its digits, whatever the method, what the solver
// claims of its distance is true by the oracle's bound, and the verdict is what the least eigenvalue's sign says.
func TestSigmoidReference(t *testing.T) {
	for _, c := range []struct {
		text              string
		centre            bool
		loss              logistic
		least, most, bias string // "" where the reference has none
	}{
		{twoPoints, false, sigmoid(1), "-5.212123661e-3", ".2676016417", "-.110758"},
		{twoPoints, false, sigmoid(4), "-2.207072548e-3", ".2374082825", ""},
		{twoPoints, false, sigmoid(64), "-5.684281228e-4", "", ""},
		{twoPoints, false, sigmoid(1024), "-4.071220796e-4", ".2085815914", "-7.019354"},
		{pointsApart, false, sigmoid(1), "-2.466986814e-2", ".1785780843", "-.457373"},
		{rareOutlier, true, sigmoid(1), "6.163520903e-5", ".04362351467", ""},
		{rareOutlier, true, sigmoid(4), "1.247299374e-4", ".04191099034", ""},
		{rareOutlier, true, sigmoid(64), "-4.410276147e-3", "", ""},
		{rareOutlier, true, sigmoid(1024), "-1.142837072e-2", ".04021354615", ""},
		{mild, true, sigmoid(1), "-6.39493958e-3", ".1309493567", "-.456832"},
		{rareOutlier, true, distanceTriplet, "6.88412e-6", ".0911639", ""},
		{rarer, true, distanceTriplet, "1.82368e-5", ".0705010", ""},
	} {
		p := pairsOf(t, c.text)
		if c.centre {
			p = centred(t, p)
		}
		for _, method := range []solver.Method{solver.Reduced, solver.Blind} {
			found, f := c.loss.decided(t, p, method)
			for what, of := range map[string]struct {
				want string
				got  float64
			}{"least eigenvalue": {c.least, f.Spectrum[0]}, "largest eigenvalue": {c.most, f.Spectrum[1]}, "bias": {c.bias, found.Free.Bias}} {
				if of.want == "" {
					continue
				}
				if want, half := printed(t, of.want); math.Abs(of.got-want) > half {
					t.Errorf("%s of %s, %v: the %s is %.12g, want %s", c.loss.solver.Name, c.text, method, what, of.got, of.want)
				}
			}
			want := oracle.Holds
			if c.least[0] == '-' {
				want = oracle.Refuted
			}
			if f.Equality() != want || f.Containment() != oracle.Holds || f.Evidence.Grade != oracle.Bounded {
				t.Errorf("%s of %s, %v: equality %v, containment %v, %v", c.loss.solver.Name, c.text, method, f.Equality(), f.Containment(), f.Evidence.Grade)
			}
			if !(found.Free.GradientNorm < 1e-10 && found.Free.DistanceBound < 1e-9) {
				t.Errorf("%s of %s, %v: gradient %.2g, distance %.2g", c.loss.solver.Name, c.text, method, found.Free.GradientNorm, found.Free.DistanceBound)
			}
			value, off, err := solver.Evaluate(c.loss.solver, p, found.Constrained.Left.Padded(2, 2), nil)
			if err != nil || math.Abs(value-found.Constrained.Loss) > off+found.Constrained.LossError {
				t.Errorf("%s of %s, %v: the loss is %.15g, of the representation %.15g ± %.1g (%v)", c.loss.solver.Name, c.text, method, found.Constrained.Loss, value, off, err)
			}
		}
	}
}

// Two points of equal weights and lengths: a best bias takes the place of their mean's direction, of which M has none; a fixed one that is low keeps
// it, a high one turns it over.
func TestSigmoidOfASymmetricPair(t *testing.T) {
	p := pairsOf(t, symmetricPair)
	along := func(form gmm.Form) float64 {
		m := form.Matrix(p)
		return (m.At(0, 0) + m.At(0, 1) + m.At(1, 0) + m.At(1, 1)) / 2
	}
	for _, m := range []float64{1e-3, 0.25, 1, 4, 64, 1e4} {
		found, f := sigmoid(m).decided(t, p, solver.Reduced)
		if got := along(found.Free.Form); math.Abs(got) > f.Evidence.Epsilon || !(f.Evidence.Epsilon < 1e-9) {
			t.Errorf("m = %g: M is %.3g along the mean, known to ±%.2g", m, got, f.Evidence.Epsilon)
		}
		if f.Equality() == oracle.Holds || f.Containment() != oracle.Holds {
			t.Errorf("m = %g: equality %v, containment %v", m, f.Equality(), f.Containment())
		}
	}
	found, _ := sigmoid(1).decided(t, p, solver.Blind)
	if want, half := printed(t, "-.05990686"); math.Abs(found.Free.Bias-want) > half {
		t.Errorf("the best bias is %.10g, want %.8g", found.Free.Bias, want)
	}
	for _, c := range []struct {
		bias  float64
		along string
		want  oracle.Verdict
	}{{-3, ".76827054", oracle.Holds}, {-1, ".21257632", oracle.Holds}, {1, "-.24979090", oracle.Refuted}} {
		found, f := sigmoidAt(1, c.bias).decided(t, p, solver.Reduced)
		if want, half := printed(t, c.along); math.Abs(along(found.Free.Form)-want) > half {
			t.Errorf("b = %g: M is %.10g along the mean, want %s", c.bias, along(found.Free.Form), c.along)
		}
		if f.Equality() != c.want || found.Free.Bias != c.bias {
			t.Errorf("b = %g: equality %v, bias %g", c.bias, f.Equality(), found.Free.Bias)
		}
	}
}

// A bias that is fixed where the best one is leads to the same minimiser; one that is fixed elsewhere to no smaller loss.
func TestFixedBiases(t *testing.T) {
	p := pairsOf(t, twoPoints)
	for _, m := range []float64{0.25, 1, 64} {
		free, _ := sigmoid(m).decided(t, p, solver.Reduced)
		best, _ := sigmoidAt(m, free.Free.Bias).decided(t, p, solver.Reduced)
		var off mat.Dense
		off.Sub(free.Free.Form.Matrix(p), best.Free.Form.Matrix(p))
		if got := mat.Norm(&off, 2); got > 1e-9 || math.Abs(free.Free.Loss-best.Free.Loss) > free.Free.LossError+best.Free.LossError {
			t.Errorf("m = %g: at the best bias, fixed, M is off by %.2g, the loss %.15g and %.15g", m, got, free.Free.Loss, best.Free.Loss)
		}
		for _, b := range []float64{-2, 0.1, 3} {
			other, _ := sigmoidAt(m, free.Free.Bias+b).decided(t, p, solver.Reduced)
			if other.Free.Loss <= free.Free.Loss {
				t.Errorf("m = %g: at a bias %g higher the loss is %.15g, at the best %.15g", m, b, other.Free.Loss, free.Free.Loss)
			}
		}
	}
}

func (l logistic) decided(t testing.TB, p gmm.Pairs, method solver.Method) (solver.Candidate, oracle.Findings) {
	t.Helper()
	found, err := solver.Minimise(l.solver, p, solver.Options{Method: method})
	if err != nil {
		t.Fatalf("%s: %v", l.solver.Name, err)
	}
	return found, oracle.Judge(l.oracle, p, oracle.Candidates{Free: found.Free.Form, Constrained: found.Constrained.Form, Claimed: found.Free.DistanceBound})
}

func identity(d int) *mat.Dense {
	out := mat.NewDense(d, d, nil)
	for i := range d {
		out.Set(i, i, 1)
	}
	return out
}

func centred(t testing.TB, p gmm.Pairs) gmm.Pairs {
	t.Helper()
	p, err := p.Centre()
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// On one core the centred rare outlier is solved and judged, to 1e-9.
func BenchmarkSigmoid(b *testing.B) {
	d, err := gmm.Read("file", strings.NewReader(rareOutlier))
	if err != nil {
		b.Fatal(err)
	}
	text := centred(b, d.Pairs)
	l := sigmoid(4)
	for b.Loop() {
		p, err := gmm.NewPairs(text.Left, text.ExactDelta())
		if err != nil {
			b.Fatal(err)
		}
		found, f := l.decided(b, p, solver.Reduced)
		near, err := oracle.JudgePair(l.oracle, p, found.Free.Form.Matrix(p), identity(2), 1e-12)
		if err != nil || f.Equality() != oracle.Holds || !(near.Distance < 1e-9) {
			b.Fatalf("equality %v, known to ±%.2g (%v)", f.Equality(), near.Distance, err)
		}
	}
}
