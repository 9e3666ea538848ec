package soundness_test

import (
	"context"
	"encoding/json"
	"math"
	"os"
	"strings"
	"testing"

	"contrastcheck/gmm"
	"contrastcheck/losses"
	"contrastcheck/oracle"
	"contrastcheck/solver"

	"gonum.org/v1/gonum/mat"
)

// ownReference are values of testdata/covariances.json, which two independent programs computed, for each of its mixtures.
var ownReference = map[string]struct {
	entries      []float64 // of M*: 11, 12, 13, 22, 23, 33 as far as there are so many dimensions; none are known where it is nil
	loss, inside float64   // inside is NaN where it is not known, or S_F is all of E
	cross        float64   // ‖Q∇f(M_in)P‖_F; NaN as of inside
	digits       int
	envelope     int
	containment  oracle.Verdict
	rank         int
}{
	"A":        {[]float64{.25705239278601675, 0, 0}, -.23895469144120286, math.NaN(), math.NaN(), 14, 1, oracle.Holds, 1},
	"A3":       {[]float64{.255858170597, .008324829870, 0, .222193034562, 0, 0}, -.509875306504, math.NaN(), math.NaN(), 11, 2, oracle.Holds, 2},
	"B":        {[]float64{.24666271173691966, -.023568481200686407, .0022519549152591560}, -.23215818547503962, -.23027542901649267, .079916286376078234, 14, 2, oracle.Refuted, 1},
	"B_affine": {[]float64{.2707941816664, -.0123472293292, .0005629887288}, -.23215818547503962, -.23027542901649267, math.NaN(), 12, 2, oracle.Refuted, 1},
	"C": {[]float64{.24473246906669496, -.016650843520469556, .0011276760202233967, .0011328721154184332, -.000076723603640057106, .0000051960951950365247},
		-.23110726455977233, -.23027542901649267, .049947678985048896, 13, 3, oracle.Refuted, 1},
	"T": {[]float64{.239768349219, .000710303269, -.005341723974, .222454123766, .010494576908, .000615601505}, -.500483145336, -.500028008972,
		math.Hypot(.015385017542, .035514177482), 11, 3, oracle.Refuted, 2},
	"Sym":   {[]float64{.26259264378479876, 0, 0}, -.12818358277472022, -.12818358277472022, 0, 14, 2, oracle.Undecided, 1},
	"Group": {[]float64{.26259264378479876, 0, 0}, -.12818358277472022, -.12818358277472022, 0, 12, 2, oracle.Holds, 1},
	"Q":     {[]float64{.132723317263, 0, .005541890446}, -.235233127661, -.23521604639941717, 0, 11, 2, oracle.Refuted, 2},
}

// The values of mixtures with own covariances are met by the solver, and its bounds and the oracle's cover them.
func TestOwnCovariancesMeetTheReference(t *testing.T) {
	text, err := os.ReadFile("../../testdata/covariances.json")
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		Mixtures []struct {
			ID      string
			Weights json.RawMessage
			Means   json.RawMessage
			Cov     json.RawMessage
			Delta   json.RawMessage
		}
	}
	if err := json.Unmarshal(text, &file); err != nil {
		t.Fatal(err)
	}
	met := 0
	for _, m := range file.Mixtures {
		want, known := ownReference[m.ID]
		if !known {
			continue
		}
		p := readPairs(t, `{"weights": `+string(m.Weights)+`, "means": `+string(m.Means)+`, "covariance": `+string(m.Cov)+`, "delta": `+string(m.Delta)+`}`)
		d, err := losses.Decide(context.Background(), losses.InfoNCE, p, losses.Options{Seed: 1})
		if err != nil {
			t.Fatalf("%s: %v", m.ID, err)
		}
		c, side := d.Lifted(), d.Findings.Sides[0]
		tolerance := math.Pow10(-want.digits) + 1e-13
		near := func(what string, got, want, bound float64) {
			if !math.IsNaN(want) && !(math.Abs(got-want) <= bound) {
				t.Errorf("%s: %s is %.15g, want %.15g, within %.2g", m.ID, what, got, want, bound)
			}
		}
		least := math.Sqrt(p.Left.LeastVariance()) // whitened distances are at least so many times those of entries, twice
		whole := c.Constrained.Form.Matrix(p)
		at := 0
		for i := range min(3, p.Left.Dimension()) {
			for j := i; j < min(3, p.Left.Dimension()); j++ {
				near("an entry of M*", whole.At(i, j), want.entries[at], tolerance+c.Constrained.DistanceBound/(least*least))
				at++
			}
		}
		near("the loss", c.Constrained.Loss, want.loss, tolerance+c.Constrained.LossError)
		if side.Invariant == math.IsNaN(want.inside) {
			near("the loss inside S_F", c.Inside.Loss, want.inside, tolerance+c.Inside.LossError)
		}
		near("the slope", side.Slope, want.cross, tolerance+side.SlopeError)
		if got := d.Envelope.Dimension(); got != want.envelope || c.Constrained.Rank != want.rank || d.Findings.Containment() != want.containment {
			t.Errorf("%s: envelope of dimension %d, rank M* = %d, containment %v; want %d, %d, %v", m.ID, got, c.Constrained.Rank, d.Findings.Containment(), want.envelope, want.rank, want.containment)
		}
		met++
	}
	if met != len(ownReference) {
		t.Errorf("%d mixtures of %d were found", met, len(ownReference))
	}
}

// A raw mixture that loses a direction, so that M_in is singular: a cross block that is not 0 refutes nothing. M* lies in S_F but for the rounding of the couplings.
func TestOwnCovariancesWithASingularMinimiserInside(t *testing.T) {
	p := readPairs(t, `{"weights": [1, 1, 1, 1], "means": [[3, 0, 0], [0, 1, 0], ["3/10", "7/10", 0], [-2, 2, 0]], "covariance": [
		[[1, 0, 0.0103257], [0, 1, -0.0042621], [0.0103257, -0.0042621, 1]], [[1, 0, 0.2495944], [0, 1, -0.1030250], [0.2495944, -0.1030250, 1]],
		[[1, 0, -0.2485120], [0, 1, 0.1025782], [-0.2485120, 0.1025782, 1]], [[1, 0, -0.0114081], [0, 1, 0.0047089], [-0.0114081, 0.0047089, 1]]]}`)
	for _, method := range []solver.Method{solver.Reduced, solver.Blind} {
		d, err := losses.Decide(context.Background(), losses.InfoNCE, p, losses.Options{Seed: 1, Method: method})
		if err != nil {
			t.Fatal(err)
		}
		side := d.Findings.Sides[0]
		if side.Containment != oracle.Undecided || d.Candidate.Inside.Rank != 1 || side.Slope > side.SlopeError || side.SlopeError > 1e-6 || side.Defect > 1e-7 {
			t.Errorf("%v: containment %v, inside of rank %d, %+v", method, side.Containment, d.Candidate.Inside.Rank, side)
		}
	}
}

// A planted envelope of four in 300 dimensions is a problem of four.
func BenchmarkOwnCovariancesInTheirEnvelope(b *testing.B) {
	p := planted(b, 300)
	for b.Loop() {
		d, err := losses.Decide(context.Background(), losses.InfoNCE, p, losses.Options{Seed: 1, Cores: 2})
		if err != nil {
			b.Fatal(err)
		}
		if d.Envelope.Dimension() != 4 {
			b.Fatalf("an envelope of %d dimensions", d.Envelope.Dimension())
		}
	}
}

// planted is a mixture of 5 components whose envelope is spanned by the first 4 of d coordinates, sheared by whole numbers.
func planted(b testing.TB, d int) gmm.Pairs {
	b.Helper()
	const components, envelope = 5, 4
	shear := func(i, j int) int64 { // unit lower triangular
		switch {
		case i == j:
			return 1
		case j < 6 && i > j && (i*7+j*3)%11 == 0:
			return int64((i+j)%3 - 1)
		}
		return 0
	}
	at := mat.NewDense(d, d, nil)
	at.Apply(func(i, j int, _ float64) float64 { return float64(shear(i, j)) }, at)
	var text strings.Builder
	text.WriteString(`{"weights": [1, 2, 3, 4, 5], "means": [`)
	writeRows := func(m *mat.Dense) {
		rows, columns := m.Dims()
		for i := range rows {
			if i > 0 {
				text.WriteString(",")
			}
			text.WriteString("[")
			for j := range columns {
				if j > 0 {
					text.WriteString(",")
				}
				number, _ := json.Marshal(m.At(i, j))
				text.Write(number)
			}
			text.WriteString("]")
		}
	}
	means := mat.NewDense(components, d, nil)
	for k := range components {
		means.Set(k, 0, float64(k*k%5-2))
		means.Set(k, 1, float64(k-2))
	}
	var moved mat.Dense
	moved.Mul(means, at.T())
	writeRows(&moved)
	text.WriteString(`], "covariance": [`)
	for k := range components {
		own := mat.NewDense(d, d, nil)
		for i := range d {
			own.Set(i, i, 2)
		}
		for i := range d - 1 {
			if i < envelope-1 || i >= envelope {
				x := float64((i*(k+1))%3-1) / 4
				own.Set(i, i+1, x)
				own.Set(i+1, i, x)
			}
		}
		var half, whole mat.Dense
		half.Mul(at, own)
		whole.Mul(&half, at.T())
		if k > 0 {
			text.WriteString(",")
		}
		text.WriteString("[")
		writeRows(&whole)
		text.WriteString("]")
	}
	text.WriteString(`]}`)
	return readPairs(b, text.String())
}

func readPairs(t testing.TB, text string) gmm.Pairs {
	t.Helper()
	const allowed = 100 // a mixture of 300 dimensions is a long text
	d, err := gmm.Limit(allowed).Read("test", strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return d.Pairs
}
