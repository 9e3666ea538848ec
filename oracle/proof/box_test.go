package proof_test

import (
	"bytes"
	"errors"
	"fmt"
	"math/big"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"contrastcheck/gmm"
	"contrastcheck/internal/enough"
	"contrastcheck/oracle"
	"contrastcheck/oracle/proof"
	"contrastcheck/oracle/proof/box"
	"contrastcheck/oracle/proof/rational"
	"contrastcheck/solver"
)

// boxOf is the box of a text.
func boxOf(t testing.TB, p gmm.Pairs, text string, centred bool) box.Box {
	t.Helper()
	sides, err := box.Parse(text, p)
	if err != nil {
		t.Fatal(err)
	}
	return box.Box{Pairs: p, Sides: sides, Centred: centred}
}

// known is the mixture of a counterexample.
func known(t testing.TB, name string) gmm.Pairs {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "..", "theorems", "testdata", "counterexamples", name+".json"))
	if err != nil {
		t.Fatal(err)
	}
	document, err := gmm.Read(name, bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return document.Pairs
}

// within is a point of a box: a corner or one inside.
func within(b box.Box, rng *rand.Rand) []*big.Rat {
	const parts = 64
	corner := rng.IntN(2) == 0
	point := make([]*big.Rat, len(b.Sides))
	for i, s := range b.Sides {
		share := big.NewRat(rng.Int64N(parts+1), parts)
		if corner {
			share = big.NewRat(rng.Int64N(2), 1)
		}
		width := new(big.Rat).Sub(s.High, s.Low)
		point[i] = width.Mul(width, share).Add(width, s.Low)
	}
	return point
}

// pieceAt is the piece of a certificate's division that a point lies in, with M̂ there.
func pieceAt(b box.Box, pieces []box.Piece, point []*big.Rat) (box.Piece, rational.Matrix) {
	sides := append([]box.Side{}, b.Sides...)
	var skip func(from int) int // the first piece after a tree
	skip = func(from int) int {
		if pieces[from].Cut == box.Leaf {
			return from + 1
		}
		return skip(skip(from + 1))
	}
	half := big.NewRat(1, 2)
	place := 0
	for pieces[place].Cut != box.Leaf {
		s := &sides[pieces[place].Cut]
		cut := new(big.Rat).Add(s.Low, s.High)
		cut.Mul(cut, half)
		if point[pieces[place].Cut].Cmp(cut) <= 0 {
			s.High, place = cut, place+1
		} else {
			s.Low, place = cut, skip(place+1)
		}
	}
	leaf := pieces[place]
	m := leaf.Minimiser
	for i, s := range sides {
		if s.High.Cmp(s.Low) == 0 {
			continue
		}
		width := new(big.Rat).Sub(s.High, s.Low)
		u := new(big.Rat).Add(s.Low, s.High)
		u.Sub(new(big.Rat).Add(point[i], point[i]), u).Quo(u, width)
		m = m.Plus(u, leaf.Moves[i])
	}
	return leaf, m
}

// plain is the certificate of the mixture at a point, with the piece's M̂ and witness there, in two dimensions that are S_F: with the columns of W the first two means, M = Σ⁻¹WNWᵀΣ⁻¹ and v = Wy.
func plain(p gmm.Pairs, verdict oracle.Verdict, leaf box.Piece, m rational.Matrix) proof.Certificate {
	e := p.Left.Exact()
	inverse := func(a rational.Matrix) rational.Matrix {
		determinant := new(big.Rat).Sub(new(big.Rat).Mul(a[0][0], a[1][1]), new(big.Rat).Mul(a[0][1], a[1][0]))
		scale := determinant.Inv(determinant)
		return rational.Matrix{{a[1][1], new(big.Rat).Neg(a[0][1])}, {new(big.Rat).Neg(a[1][0]), a[0][0]}}.Scaled(scale)
	}
	back := inverse(rational.Matrix{e.Means[0], e.Means[1]}.Transposed()) // W⁻¹
	left := back.Times(e.Covariance)
	c := proof.Certificate{Pairs: p, Verdict: verdict, Basis: []int{0, 1}, Minimiser: left.Times(m).Times(left.Transposed()), Precision: 56, Accuracy: 30}
	if leaf.Witness != nil {
		c.Witness = back.Apply(leaf.Witness)
	}
	return c
}

// A box's ε is no less than what the other enclosure of the gradient, by other integrals in other coordinates, finds at each of its mixtures, and its witness and M̂ prove them one by one.
func TestBoxesPointByPoint(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(25, 1))
	for _, c := range []struct {
		name, text string
		centred    bool
		verdict    oracle.Verdict
		p          gmm.Pairs
	}{
		{name: "equality-centred_1-rare-outlier", text: "weights within 1/100, delta within 1/100", centred: true, verdict: oracle.Refuted},
		{name: "equality_2-two-points-apart", text: "weights within 1/100, delta within 1/100", verdict: oracle.Refuted},
		{name: "equality-biased_2-half", text: "weights within 1/100, delta within 1/100", verdict: oracle.Refuted},
		{name: "equality_4-three-equal-weights", text: "all within 1/500", verdict: oracle.Refuted},
		{name: "correlated", text: "all within 1/200", verdict: oracle.Holds, p: pairs(t, `{"weights": [2, 1, 1], "means": [[2, "3/2"], [-2, 1], [0, -2]], "covariance": [[4, 2], [2, 2]], "delta": "1/2"}`)},
		{name: "correlated, centred", text: "all within 1/200", centred: true, verdict: oracle.Holds, p: pairs(t, `{"weights": [2, 1, 1], "means": [[2, "3/2"], [-2, 1], [0, -2]], "covariance": [[4, 2], [2, 2]], "delta": "1/2"}`)},
		{name: "two", text: "all within 1/500", verdict: oracle.Refuted, p: pairs(t, `{"weights": [1, 3], "means": [[3, 3], [1, -2]], "covariance": [[1, "1/8"], ["1/8", 1]]}`)},
	} {
		t.Run(c.name, func(t *testing.T) {
			if c.p.Left == nil {
				c.p = known(t, c.name)
			}
			b := boxOf(t, c.p, c.text, c.centred)
			certificate, err := proof.Limit(0.1).ProveBox(b)
			if err != nil {
				t.Fatal(err)
			}
			theorem, err := proof.Check(certificate)
			if err != nil {
				t.Fatal(err)
			}
			if theorem.Verdict != c.verdict || theorem.Margin.Sign() <= 0 {
				t.Fatalf("%v, margin %v", theorem.Verdict, theorem.Margin)
			}
			points := 1
			if enough.Attack() {
				points = 200
			}
			provedPointByPoint(t, certificate, theorem, points, rng)
		})
	}
}

// provedPointByPoint proves the verdict of mixtures of a box one by one, with its own M̂ and witness, by the enclosure of single mixtures; where S_F has not two dimensions, it has the oracle judge them.
func provedPointByPoint(t *testing.T, certificate proof.Certificate, theorem proof.Theorem, points int, rng *rand.Rand) {
	t.Helper()
	b := certificate.Box()
	limit := new(big.Rat).Add(theorem.Radius, new(big.Rat).SetFloat64(1e-4)) // more than 2⁻³⁰, times the means' lengths
	for range points {
		point := within(b, rng)
		p, err := b.At(point)
		if err != nil {
			t.Fatal(err)
		}
		if theorem.Dimension != 2 || p.Left.Dimension() != 2 {
			if verdict := judged(t, p); verdict != theorem.Verdict {
				t.Errorf("at %v the oracle finds %v", point, verdict)
			}
			continue
		}
		leaf, m := pieceAt(b, certificate.Region.Pieces, point)
		one, err := proof.Check(plain(p, theorem.Verdict, leaf, m))
		if err != nil {
			t.Fatalf("at %v: %v", point, err)
		}
		if one.Radius.Cmp(limit) > 0 {
			t.Errorf("at %v ‖∇f(M̂)‖ is up to %s, and %s at most in the box", point, one.Radius.FloatString(9), theorem.Radius.FloatString(9))
		}
	}
}

// judged is the oracle's verdict about pairs.
func judged(t testing.TB, p gmm.Pairs) oracle.Verdict {
	t.Helper()
	found, err := solver.Minimise(solver.InfoNCE, p, solver.Options{})
	if err != nil {
		t.Fatal(err)
	}
	of := oracle.Judge(oracle.InfoNCE, p, oracle.Candidates{Free: found.Free.Form, Constrained: found.Constrained.Form, Claimed: found.Free.DistanceBound})
	return of.Equality()
}

// A mixture that lies in a plane of three dimensions has the margins of the plane's, whichever numbers vary.
func TestBoxesBelowTheirSpace(t *testing.T) {
	t.Parallel()
	const plane = `{"weights": [2, 1, 1], "means": [[2, "3/2"], [-2, 1], [0, -2]], "covariance": [[4, 2], [2, 2]], "delta": "1/2"}`
	const space = `{"weights": [2, 1, 1], "means": [[2, "3/2", 0], [-2, 1, 0], [0, -2, 0]], "covariance": [[4, 2, 1], [2, 2, "1/2"], [1, "1/2", 3]], "delta": "1/2"}`
	for _, c := range []struct {
		text    string
		centred bool
	}{
		{"weights within 1/10000, delta within 1/10000", false}, {"weights within 1/10000, delta within 1/10000", true},
		{"covariance[1][1] within 1/10000, covariance[1][2] within 1/10000, delta within 1/10000", false}, {"covariance[2][2] within 1/10000", true},
	} {
		var margins []float64
		for _, text := range []string{plane, space} {
			certificate, err := proof.Limit(0.1).ProveBox(boxOf(t, pairs(t, text), c.text, c.centred))
			if err != nil {
				t.Fatal(c.text, err)
			}
			theorem, err := proof.Check(certificate)
			if err != nil {
				t.Fatal(c.text, err)
			}
			margin, _ := theorem.Margin.Float64()
			margins = append(margins, margin)
		}
		if ratio := margins[0] / margins[1]; ratio < 0.99 || ratio > 1.01 {
			t.Errorf("%s: margins %g in the plane, %g in space", c.text, margins[0], margins[1])
		}
	}
	p := pairs(t, space)
	if _, err := proof.Limit(0.1).ProveBox(boxOf(t, p, "mean[3][3] within 1/1000", false)); !errors.Is(err, box.ErrHypotheses) {
		t.Errorf("a mean that leaves the plane: %v", err)
	}
}

// With more means than dimensions of S_F, and fewer dimensions than the space has, differences of means span it in a centred box.
func TestBoxesOfMovingSubspaces(t *testing.T) {
	t.Parallel()
	p := pairs(t, `{"weights": [1, 2, 1], "means": [[3, 0, 1], [0, 2, 0], [-2, -1, 2]], "covariance": "identity"}`)
	for _, centred := range []bool{false, true} {
		b := boxOf(t, p, "all within 1/2000", centred)
		certificate, err := proof.Limit(0.1).ProveBox(b)
		if err != nil {
			t.Fatal(err)
		}
		theorem, err := proof.Check(certificate)
		if err != nil {
			t.Fatal(err)
		}
		if want := map[bool]int{false: 3, true: 2}[centred]; theorem.Dimension != want {
			t.Errorf("centred %v: a subspace of dimension %d, not %d", centred, theorem.Dimension, want)
		}
		rng := rand.New(rand.NewPCG(25, 2))
		for range enough.Cases(4) {
			at, err := b.At(within(b, rng))
			if err != nil {
				t.Fatal(err)
			}
			if verdict := judged(t, at); verdict != theorem.Verdict {
				t.Errorf("the box is said to be one where equality %v, and a point of it is one where it %v", theorem.Verdict, verdict)
			}
		}
	}
}

// No certificate is accepted whose box reaches beyond the frontier, however its pieces are widened with it.
func TestBoxesWidenedBeyondTheFrontier(t *testing.T) {
	t.Parallel()
	p := pairs(t, `{"weights": [1, 3], "means": [[3, 3], [1, -2]], "covariance": "identity"}`)
	path, _ := gmm.ParsePath("weight[1]")
	verdictAt := func(weight *big.Rat) oracle.Verdict {
		at, err := path.Set(p, weight)
		if err != nil {
			t.Fatal(err)
		}
		return judged(t, at)
	}
	low, high := big.NewRat(1, 4), big.NewRat(999, 1000)
	if verdictAt(low) != oracle.Refuted || verdictAt(high) != oracle.Holds {
		t.Fatalf("no frontier between weights %v and %v", low, high)
	}
	for range 20 {
		middle := new(big.Rat).Add(low, high)
		middle.Mul(middle, big.NewRat(1, 2))
		if verdictAt(middle) == oracle.Refuted {
			low = middle
		} else {
			high = middle
		}
	}
	short := new(big.Rat).Sub(low, big.NewRat(1, 500))
	b := boxOf(t, p, fmt.Sprintf("weight[1] in [1/4, %s]", short.RatString()), false)
	certificate, err := proof.Limit(0.1).ProveBox(b)
	if err != nil {
		t.Fatal(err)
	}
	if theorem, err := proof.Check(certificate); err != nil || theorem.Verdict != oracle.Refuted {
		t.Fatal(theorem.Verdict, err)
	}
	for _, beyond := range []int64{20, 100, 1000, 10000, 1000000} {
		region := *certificate.Region
		region.Sides = []box.Side{{Path: path, Low: region.Sides[0].Low, High: new(big.Rat).Add(high, big.NewRat(1, beyond))}}
		tampered := certificate
		tampered.Region = &region
		if region.Sides[0].High.Cmp(big.NewRat(1, 1)) >= 0 {
			continue
		}
		if _, err := proof.Check(tampered); !errors.Is(err, proof.ErrRefused) {
			t.Errorf("a box that reaches 1/%d beyond the frontier: %v", beyond, err)
		}
		if _, err := proof.Limit(0.01).ProveBox(tampered.Box()); !errors.Is(err, proof.ErrNotProved) {
			t.Errorf("a box that reaches 1/%d beyond the frontier is proved: %v", beyond, err)
		}
	}
}

// Certificates of boxes with one number changed: what is accepted is true at corners and inside.
func TestTamperedBoxes(t *testing.T) {
	t.Parallel()
	p := pairs(t, `{"weights": [1, 3], "means": [[3, 3], [1, -2]], "covariance": "identity", "delta": "9/10"}`)
	var texts []string
	for _, text := range []string{"weight[1] in [1/5, 1/3], delta in [9/10, 1]", "weight[1] within 1/100", "mean[1][1] within 1/50, covariance[1][2] within 1/50"} {
		certificate, err := proof.Limit(0.1).ProveBox(boxOf(t, p, text, false))
		if err != nil {
			t.Fatal(err)
		}
		var b bytes.Buffer
		if err := certificate.Write(&b); err != nil {
			t.Fatal(err)
		}
		texts = append(texts, b.String())
	}
	rng := rand.New(rand.NewPCG(25, 3))
	accepted, refused := 0, 0
	attempts := enough.Cases(80)
	for range attempts {
		text := texts[rng.IntN(len(texts))]
		tampered := tamper(text, rng)
		sealed := proof.Reseal(tampered)
		if _, err := proof.Read("tampered", strings.NewReader(tampered)); err == nil && sealed != text {
			t.Errorf("the digest lets through %s", tampered)
		}
		c, err := proof.Read("tampered", strings.NewReader(sealed))
		if err != nil {
			refused++
			continue
		}
		theorem, err := proof.Limit(0.02).Check(c)
		if err != nil {
			refused++
			continue
		}
		accepted++
		for range 3 {
			at, err := c.Box().At(within(c.Box(), rng))
			if err != nil {
				t.Fatalf("accepted: a box of what is no mixture: %v, %s", err, sealed)
			}
			if verdict := judged(t, at); verdict != theorem.Verdict && verdict != oracle.Undecided {
				t.Fatalf("accepted: %v, which is false, of %s", theorem.Verdict, sealed)
			}
		}
	}
	if accepted < attempts/50 || refused < attempts/4 {
		t.Errorf("%d accepted and %d refused of %d: the test says little", accepted, refused, attempts)
	}
}

// Boxes that contain what is no mixture are refused by name, by who proves and by who checks.
func TestBoxesThatLeaveTheHypotheses(t *testing.T) {
	t.Parallel()
	p := pairs(t, `{"weights": [1, 3], "means": [[3, 3], [1, -2]], "covariance": [[2, 1], [1, 1]], "delta": "9/10"}`)
	for text, reason := range map[string]error{
		"weight[1] in [0, 1/2]":                            box.ErrHypotheses,
		"weight[1] in [1/2, 1]":                            box.ErrHypotheses,
		"delta in [9/10, 11/10]":                           box.ErrHypotheses,
		"delta in [-1/10, 1]":                              box.ErrHypotheses,
		"covariance[1][2] in [1, 2]":                       box.ErrHypotheses,
		"covariance[1][1] in [1/2, 2], delta in [1/2, 1]":  box.ErrHypotheses,
		"weight[1] in [1/2, 1/4]":                          gmm.ErrNumber,
		"weight[3] in [1/8, 1/4]":                          gmm.ErrPath,
		"delta in [1/2, 1], delta in [1/4, 1]":             gmm.ErrPath,
		"weight[1] in [1/8, 1/4], weight[2] in [1/2, 3/4]": gmm.ErrPath,
		"mean[1][1] in [1, 5], mean[1][2] in [-6, 3]":      proof.ErrNotProved, // (1, −2) is there, beside which S_F is a line
	} {
		b := boxOf(t, p, text, false)
		if _, err := proof.Limit(0.002).ProveBox(b); !errors.Is(err, reason) {
			t.Errorf("%s: %v", text, err)
		}
		c := proof.Certificate{Pairs: p, Verdict: oracle.Refuted, Region: &proof.Region{Sides: b.Sides, Proof: box.Proof{Verdict: oracle.Refuted, Accuracy: 24}}}
		if _, err := proof.Check(c); !errors.Is(err, proof.ErrRefused) {
			t.Errorf("%s: checked: %v", text, err)
		}
	}
	equal := pairs(t, `{"weights": [1, 3], "means": [[2, 1], [2, 1]], "covariance": "identity"}`)
	if _, err := proof.Limit(0.1).ProveBox(boxOf(t, equal, "delta in [1/2, 1]", false)); !errors.Is(err, proof.ErrNotProved) || !strings.Contains(err.Error(), "M_u = 0 in all of it") {
		t.Errorf("equal means: %v", err)
	}
	own := pairs(t, `{"weights": [1, 3], "means": [[3, 3], [1, -2]], "covariance": ["identity", [[2, 0], [0, 1]]]}`)
	if _, err := proof.Limit(0.1).ProveBox(box.Box{Pairs: own, Sides: boxOf(t, p, "delta in [1/2, 1]", false).Sides}); !errors.Is(err, gmm.ErrOtherModel) {
		t.Errorf("own covariances: %v", err)
	}
}

// The verdict of a certificate is its own, whatever its division says; and one piece of a box is not to cost more than all.
func TestBoxesAreNoMoreThanTheySay(t *testing.T) {
	t.Parallel()
	p := pairs(t, `{"weights": [1, 3], "means": [[3, 3], [1, -2]], "covariance": "identity"}`)
	certificate, err := proof.Limit(0.1).ProveBox(boxOf(t, p, "delta in [99/100, 1]", false))
	if err != nil {
		t.Fatal(err)
	}
	other := certificate
	if other.Verdict = oracle.Holds; true {
		if _, err := proof.Check(other); !errors.Is(err, proof.ErrRefused) {
			t.Errorf("the other verdict: %v", err)
		}
	}
	if other = certificate; true {
		other.Loss = proof.Affine
		if _, err := proof.Check(other); !errors.Is(err, proof.ErrRefused) {
			t.Errorf("another loss: %v", err)
		}
	}
	large := pairs(t, wide(60))
	if _, err := proof.Limit(1).ProveBox(boxOf(t, large, "all within 1/1000", false)); !errors.Is(err, gmm.ErrCost) {
		t.Errorf("thousands of numbers: %v", err)
	}
}

// wide is the text of a mixture of n components in n dimensions.
func wide(n int) string {
	var weights, means []string
	for i := range n {
		row := make([]string, n)
		for j := range row {
			row[j] = fmt.Sprint((i*j + i + j) % 7)
		}
		weights, means = append(weights, "1"), append(means, "["+strings.Join(row, ",")+"]")
	}
	return fmt.Sprintf(`{"weights": [%s], "means": [%s], "covariance": "identity"}`, strings.Join(weights, ","), strings.Join(means, ","))
}

// A certificate of a box is read back as it was written, and names what all its mixtures are instances of.
func TestBoxCertificatesAreKept(t *testing.T) {
	t.Parallel()
	p := known(t, "equality-centred_1-rare-outlier")
	for _, c := range []struct {
		text    string
		centred bool
		want    proof.Hypotheses
	}{
		{"weights within 1/1000", true, proof.Hypotheses{Informative: true, Certain: true, Centred: true}},
		{"weights within 1/1000", false, proof.Hypotheses{Informative: true, Certain: true}},
		{"delta in [99/100, 1]", false, proof.Hypotheses{Informative: true, Centred: true}},
		{"mean[1][1] within 1/1000", false, proof.Hypotheses{Informative: true, Certain: true}},
	} {
		certificate, err := proof.Limit(0.1).ProveBox(boxOf(t, p, c.text, c.centred))
		if err != nil {
			t.Fatal(err)
		}
		var first, second bytes.Buffer
		if err := certificate.Write(&first); err != nil {
			t.Fatal(err)
		}
		back, err := proof.Read("box", bytes.NewReader(first.Bytes()))
		if err != nil {
			t.Fatal(err)
		}
		theorem, err := proof.Check(back)
		if err != nil {
			t.Fatal(err)
		}
		if theorem.Hypotheses != c.want {
			t.Errorf("%s, centred %v: %+v, not %+v", c.text, c.centred, theorem.Hypotheses, c.want)
		}
		if back.Write(&second); first.String() != second.String() {
			t.Errorf("written %s, and again %s", &first, &second)
		}
	}
}

// Strangers' certificates of boxes are refused in one line, or proved; nothing panics.
func FuzzBoxCertificate(f *testing.F) {
	const mixture = `{"weights":[1,3],"means":[[3,3],[1,-2]],"covariance":"identity","certificate":`
	for _, text := range []string{
		`{"statement":"","verdict":"refuted","box":[{"number":"delta","low":"9/10","high":"1"}],"accuracy":24,"pieces":[{"cut":1},{"minimiser":[["1","0"],["0","1"]],"moves":[[["0","0"],["0","0"]]],"witness":["1","0"]},{}],"sha256":""}`,
		`{"statement":"","verdict":"holds","box":[{"number":"weight[1]","low":"1/4","high":"1/3"},{"number":"mean[1][1]","low":"3","high":"4"}],"centred":true,"accuracy":48,"pieces":[{"minimiser":[["1"]],"moves":[[["0"]],[["1/2"]]]}],"sha256":""}`,
		`{"verdict":"refuted","box":[],"accuracy":1,"pieces":[{"cut":-1},{"cut":1e9}],"sha256":""}`,
		`{"verdict":"refuted","box":[{"number":"covariance[2][1]","low":"1e29","high":"1e30"}],"accuracy":24,"pieces":[{"minimiser":[[],[]],"moves":[[]],"witness":[]}],"sha256":""}`,
	} {
		f.Add(mixture + text + "}")
	}
	f.Fuzz(func(t *testing.T, text string) {
		const little = 1e-4
		c, err := proof.Limit(little).Read("fuzzed", strings.NewReader(proof.Reseal(text)))
		if err == nil {
			_, err = proof.Limit(little).Check(c)
		}
		if err != nil && strings.ContainsAny(err.Error(), "\n\r") {
			t.Errorf("more than a line: %q", err)
		}
	})
}
