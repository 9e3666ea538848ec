package losses_test

import (
	"context"
	"encoding/json"
	"math"
	"os"
	"strconv"
	"strings"
	"testing"

	"contrastcheck/generators"
	"contrastcheck/gmm"
	"contrastcheck/losses"
	"contrastcheck/oracle"
	"contrastcheck/solver"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"
	"pgregory.net/rapid"
)

func affineLoss(t interface{ Fatal(...any) }) losses.Loss {
	l, err := losses.Choose(losses.Settings{Map: losses.Affine})
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func pairsIn(t *testing.T, text string) gmm.Pairs {
	t.Helper()
	d, err := gmm.Read("test", strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return d.Pairs
}

// reference is an affine minimum, by two programs that are not this one.
type reference struct {
	Mixture           json.RawMessage
	MU                [][]string `json:"M_u"`
	Shift             []string   `json:"c_prime"`
	First             string     `json:"c_prime_first"`
	Loss              string
	Linear            string `json:"linear_loss"`
	Eigenvalues       []string
	LinearEigenvalues []string `json:"linear_eigenvalues"`
	LossMU            string   `json:"loss_M_u"`
	LossPSD           string   `json:"loss_psd"`
	Star              []string `json:"M_star_eigenvalues"`
	Off               string   `json:"c_star_off_range"`
}

func near(t *testing.T, what string, got float64, want string) {
	t.Helper()
	if want == "" {
		return
	}
	x, err := strconv.ParseFloat(want, 64)
	if err != nil {
		t.Fatal(err)
	}
	digits := len(want) - 1 - strings.IndexByte(want, '.')
	if strings.IndexByte(want, '.') < 0 {
		digits = 9 // a plain 0
	}
	if math.Abs(got-x) > 1.01*math.Pow(10, -float64(digits)) {
		t.Errorf("%s: expected %s, found %.16g", what, want, got)
	}
}

// TestAffineReference: both pillars have the values that are known, raw and centred.
func TestAffineReference(t *testing.T) {
	text, err := os.ReadFile("testdata/affine.json")
	if err != nil {
		t.Fatal(err)
	}
	var all []reference
	if err := json.Unmarshal(text, &all); err != nil {
		t.Fatal(err)
	}
	verdicts := []oracle.Verdict{oracle.Holds, oracle.Holds, oracle.Holds, oracle.Undecided, oracle.Refuted}
	existence := []oracle.Verdict{oracle.Holds, oracle.Holds, oracle.Holds, oracle.Refuted, oracle.Holds}
	l := affineLoss(t)
	for i, r := range all {
		raw := pairsIn(t, string(r.Mixture))
		for _, given := range []gmm.Pairs{raw, must(raw.Centre())} {
			const finest = 1e-14 // digits are compared
			d, err := losses.Decide(context.Background(), l, given, losses.Options{Tolerance: finest})
			if err != nil {
				t.Fatal(err)
			}
			free, star, f := d.Candidate.Free, d.Candidate.Constrained, d.Findings
			near(t, "loss of M_u", free.Loss, r.LossMU)
			near(t, "loss", star.Loss, r.Loss)
			near(t, "loss over M ⪰ 0", star.Loss, r.LossPSD)
			near(t, "c′", free.Shift.Columns.At(0, 0), r.First)
			for j, want := range r.Shift {
				near(t, "c′", free.Shift.Columns.At(j, 0), want)
			}
			m := free.Form.Matrix(d.Pairs)
			for j, row := range r.MU {
				for k, want := range row {
					near(t, "M_u", m.At(j, k), want)
				}
			}
			for j, want := range r.Eigenvalues { // of the oracle's view
				near(t, "eigenvalue", f.Spectrum[j], want)
			}
			if len(r.Star) > 0 {
				var eigen mat.EigenSym
				eigen.Factorize(mat.NewSymDense(2, mat.DenseCopyOf(star.Form.Matrix(d.Pairs)).RawMatrix().Data), false)
				for j, want := range r.Star {
					near(t, "eigenvalue of M*", eigen.Values(nil)[j], want)
				}
			}
			if r.Off != "" {
				if want, _ := strconv.ParseFloat(r.Off, 64); math.Abs(f.OffRange-want) > f.OffRangeError || f.OffRangeError > want/10 {
					t.Errorf("c* leaves the range of M* by %s, found %g ± %g", r.Off, f.OffRange, f.OffRangeError)
				}
			}
			if f.Equality() != verdicts[i] || f.Existence != existence[i] {
				t.Errorf("mixture %d: equality %v, existence %v", i+1, f.Equality(), f.Existence)
			}
			if existence[i] == oracle.Refuted && (f.Containment() != oracle.Undecided || f.Directions().Undecided != 2) {
				t.Errorf("mixture %d has no A*, but containment %v and directions %+v", i+1, f.Containment(), f.Directions())
			}
		}
		plain, err := losses.Decide(context.Background(), losses.InfoNCE, raw, losses.Options{})
		if err != nil {
			t.Fatal(err)
		}
		near(t, "linear loss", plain.Candidate.Constrained.Loss, r.Linear)
		for j, want := range r.LinearEigenvalues {
			near(t, "linear eigenvalue", plain.Findings.Spectrum[j], want)
		}
	}
}

func must(p gmm.Pairs, err error) gmm.Pairs {
	if err != nil {
		panic(err)
	}
	return p
}

func drawPairs(t *rapid.T) gmm.Pairs {
	m := rapid.OneOf(generators.SharedCovariance(), generators.CentredDistinct(), generators.RareOutlier()).Draw(t, "mixture")
	return must(gmm.NewPairs(m, generators.Informative().Draw(t, "delta")))
}

// TestAffineCertificate: the oracle's bound is never below the true distance of a candidate, which is not the minimiser but one moved from it.
func TestAffineCertificate(t *testing.T) {
	l := affineLoss(t)
	rapid.Check(t, func(t *rapid.T) {
		p := must(drawPairs(t).Centre())
		if p.Left.FisherDimension() == 0 {
			t.Skip("no direction")
		}
		c, err := solver.Minimise(l.Solver, p, solver.Options{})
		if err != nil {
			t.Skip(err)
		}
		w, err := p.WhitenFisher()
		if err != nil {
			t.Skip(err)
		}
		rows, _ := w.Left.Means.Dims()
		move := mat.NewSymDense(rows, nil)
		size := math.Ldexp(1, -rapid.IntRange(0, 20).Draw(t, "size"))
		for i := range rows {
			for j := range i + 1 {
				move.SetSym(i, j, size*float64(rapid.IntRange(-4, 4).Draw(t, "entry")))
			}
		}
		moved := mat.NewSymDense(rows, nil)
		moved.AddSym(w.Left.Restriction(p.Left, c.Free.Form.Matrix(p)), move)
		f := oracle.Judge(l.Oracle, p, oracle.Candidates{Free: w.Left.Form(moved), Constrained: c.Constrained.Form})
		if distance := mat.Norm(move, 2); f.Evidence.Epsilon < distance-2*c.Free.DistanceBound {
			t.Fatalf("%#v: a candidate %.3g from the minimiser is certified to be within %.3g", p, distance, f.Evidence.Epsilon)
		}
	})
}

// TestAffineReadings: a translation changes the minimum in nothing but c, and the printed A and b have the loss of the minimum, as the definition gives it.
func TestAffineReadings(t *testing.T) {
	l := affineLoss(t)
	rapid.Check(t, func(t *rapid.T) {
		p := drawPairs(t)
		raw, err := losses.Decide(context.Background(), l, p, losses.Options{})
		if err != nil {
			t.Skip(err)
		}
		centred, err := losses.Decide(context.Background(), l, must(p.Centre()), losses.Options{})
		if err != nil {
			t.Skip(err)
		}
		one, two := raw.Candidate.Constrained, centred.Candidate.Constrained
		if one.Loss != two.Loss || raw.Findings.Equality() != centred.Findings.Equality() || raw.Findings.Existence != centred.Findings.Existence {
			t.Fatalf("%#v: raw %v %v %v, centred %v %v %v", p, one.Loss, raw.Findings.Equality(), raw.Findings.Existence,
				two.Loss, centred.Findings.Equality(), centred.Findings.Existence)
		}
		if raw.Findings.Existence != oracle.Holds || one.Left.Columns == nil {
			return
		}
		// f(x) = Aᵀ(x − μ̄) + b = Aᵀx + b′.
		var mean []float64
		for _, x := range p.Left.Exact().Mean() {
			y, _ := x.Float64()
			mean = append(mean, y)
		}
		var image mat.VecDense
		image.MulVec(one.Left.Columns.T(), mat.NewVecDense(len(mean), mean))
		b := append([]float64{}, one.Offset...)
		floats.Sub(b, image.RawVector().Data)
		loss, off, err := solver.EvaluateAffine(l.Solver, p, one.Left.Columns, b)
		if err != nil {
			t.Skip(err)
		}
		if math.Abs(loss-one.Loss) > off+one.LossError+1e-8*(1+math.Abs(loss)) {
			t.Fatalf("%#v: A and b have the loss %.15g, the minimum is %.15g", p, loss, one.Loss)
		}
	})
}

// TestAffineRefused: what is not served says what is.
func TestAffineRefused(t *testing.T) {
	for settings, want := range map[losses.Settings]string{
		{Map: "affine", Loss: "sigmoid"}:   `losses: --map: expected linear with --loss sigmoid, found "affine"; --map affine is served with --loss infonce`,
		{Map: "affine", Score: "distance"}: `losses: --score: expected dot with --loss infonce --map affine, found "distance"`,
		{Map: "affine", Negatives: "4"}:    "losses: --negatives: expected inf with --loss infonce --map affine, found 4",
		{Map: "network"}:                   `losses: --map: expected linear or affine with --loss infonce, found "network"`,
	} {
		if _, err := losses.Choose(settings); err == nil || err.Error() != want {
			t.Errorf("%+v: expected %q, found %v", settings, want, err)
		}
	}
}
