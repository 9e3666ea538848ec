package solver

import (
	"math"
	"testing"

	"contrastcheck/gmm"
	"contrastcheck/oracle"
	"contrastcheck/solver/quadrature"
	"contrastcheck/solver/term"

	"gonum.org/v1/gonum/mat"
)

// plant is a mistake in how a loss is stated or brought back.
type plant struct {
	name  string
	plant func(l *term.Law, w *gmm.WhitenedPairs, q *term.Quadratic)
	// of tells which losses and laws the mistake is one of; nil means all.
	of     func(l Loss, p gmm.Pairs) bool
	inTerm bool // it is in the quadratic, and not in the law
}

// wrongWeights distorts a quadrature's weights.
func wrongWeights(distort func(t float64) float64) term.Choice {
	return func(rule *quadrature.Rule, ranges []float64, tolerance float64, limit int) error {
		err := rule.Choose(ranges, tolerance, limit)
		for i, points := range rule.Directions {
			weights := make([]float64, len(points.Weights))
			for n, w := range points.Weights {
				weights[n] = w * distort(points.Nodes[n])
			}
			rule.Directions[i].Weights = weights
		}
		return err
	}
}

func plants() []plant {
	finite := Negatives(16).Name
	scores := func(l Loss) bool { return l.pools || logisticNames[l.Name] || l.Name == finite } // and no softmax of components
	softmaxes := func(l Loss, p gmm.Pairs) bool { return !scores(l) && p.Shared() }
	averaged := func(l Loss, p gmm.Pairs) bool { return softmaxes(l, p) && l.Name != Distance.Name } // of points, and not of their differences
	ruled := func(l Loss, p gmm.Pairs) bool { return softmaxes(l, p) || l.Name == finite }           // by a tensor rule
	own := func(l Loss, p gmm.Pairs) bool { return !l.pools && !p.Shared() }
	tilted := func(l Loss, p gmm.Pairs) bool { return own(l, p) && !l.integrated && l.Name != Distance.Name } // by covariances beside their roots
	quadratic := func(l Loss, _ gmm.Pairs) bool { return l.pools }
	two := func(_ Loss, p gmm.Pairs) bool { return p.Modalities() == 2 }
	softmax := func(l Loss, _ gmm.Pairs) bool { return !scores(l) }
	swapped := func(a *mat.Dense) *mat.Dense {
		out := mat.DenseCopyOf(a)
		out.SetCol(0, mat.Col(nil, 1, a))
		out.SetCol(1, mat.Col(nil, 0, a))
		return out
	}
	return []plant{
		{"nothing", func(*term.Law, *gmm.WhitenedPairs, *term.Quadratic) {}, nil, false},
		{"quadrature weights without normalisation", func(l *term.Law, _ *gmm.WhitenedPairs, _ *term.Quadratic) {
			l.Choose = wrongWeights(func(float64) float64 { return 1.001 })
		}, ruled, false},
		{"quadrature weights of the physicists' Hermite rule", func(l *term.Law, _ *gmm.WhitenedPairs, _ *term.Quadratic) {
			l.Choose = wrongWeights(func(t float64) float64 { return math.Exp(-t * t / 50) })
		}, ruled, false},
		{"gradient: δ off by a tenth", func(l *term.Law, _ *gmm.WhitenedPairs, _ *term.Quadratic) { l.Delta *= 0.9 }, nil, false},
		{"gradient: I for the left W", func(l *term.Law, _ *gmm.WhitenedPairs, _ *term.Quadratic) {
			for i := range l.Left.Second {
				l.Left.Second[i] = 1
			}
		}, averaged, false},
		{"gradient: centred for raw means", func(l *term.Law, _ *gmm.WhitenedPairs, _ *term.Quadratic) {
			mean := gmm.Mean(l.Weights, l.Left.Means)
			l.Left.Means.Apply(func(i, _ int, x float64) float64 { return x - mean.AtVec(i) }, l.Left.Means)
		}, averaged, false},
		{"gradient: a log-weight off by a hundredth", func(l *term.Law, _ *gmm.WhitenedPairs, _ *term.Quadratic) { l.LogWeights[0] += 0.01 }, softmax, false},
		{"weights that add up to 1.001", func(l *term.Law, _ *gmm.WhitenedPairs, _ *term.Quadratic) {
			for k := range l.Weights {
				l.Weights[k] *= 1.001
			}
		}, quadratic, false},
		{"gradient: a covariance for another", func(l *term.Law, _ *gmm.WhitenedPairs, _ *term.Quadratic) {
			l.Left.Covariances[0].Scale(1.01, l.Left.Covariances[0])
		}, tilted, false},
		{"gradient: points drawn with a wrong root", func(l *term.Law, _ *gmm.WhitenedPairs, _ *term.Quadratic) {
			l.Left.Roots[1].Scale(0.99, l.Left.Roots[1])
		}, own, false},
		{"partners in another order", func(l *term.Law, _ *gmm.WhitenedPairs, q *term.Quadratic) { l.Right.Means = swapped(l.Right.Means) }, two, false},
		{"whitening: right means too long by 1e-4", func(l *term.Law, _ *gmm.WhitenedPairs, _ *term.Quadratic) {
			l.Right.Means.Scale(1.0001, l.Right.Means)
		}, nil, false},
		{"X too large by 1e-4", func(_ *term.Law, _ *gmm.WhitenedPairs, q *term.Quadratic) { q.Partners.Scale(1.0001, q.Partners) }, quadratic, true},
		{"partners for δ = 1", func(l *term.Law, _ *gmm.WhitenedPairs, q *term.Quadratic) {
			q.Partners = mat.DenseCopyOf(l.Right.Means)
		},
			func(l Loss, p gmm.Pairs) bool { return l.pools && p.Delta() < 1 }, true},
		{"whitening: frame too long by 1e-4", func(_ *term.Law, w *gmm.WhitenedPairs, _ *term.Quadratic) {
			longer := mat.DenseCopyOf(w.Left.Frame.Basis)
			longer.Scale(1.0001, longer)
			w.Left.Frame.Basis = longer
		}, nil, false},
		{"whitening: no root", func(_ *term.Law, w *gmm.WhitenedPairs, _ *term.Quadratic) {
			n, _ := w.Left.Root.Dims()
			w.Left.Root = mat.NewTriDense(n, mat.Lower, nil)
			for i := range n {
				w.Left.Root.SetTri(i, i, 1.01)
			}
		}, nil, false},
		{"not turned back", func(l *term.Law, _ *gmm.WhitenedPairs, _ *term.Quadratic) {
			n := len(l.Left.Second)
			l.Left.Rotation = unit(n)
		}, nil, false},
		{"one side's rotation for the other's", func(l *term.Law, _ *gmm.WhitenedPairs, _ *term.Quadratic) { l.Right.Rotation = l.Left.Rotation }, two, false},
	}
}

// verdicts are those of the oracle that tests of planted mistakes look at.
type verdicts struct {
	epsilon               float64 // its bound of the distance of Free
	containment, equality []oracle.Verdict
}

// logisticNames are the losses of logistic functions of scores, and of hinges.
var logisticNames = map[string]bool{Triplet.Name: true, DistanceTriplet.Name: true, "sigmoid": true, "distance-sigmoid": true, "hinge": true, "distance-hinge": true}

// judged is a loss as the oracle knows it, with one negative, the best bias and a margin of 1.
func judged(l Loss) oracle.Loss {
	for _, loss := range []oracle.Loss{oracle.InfoNCE, oracle.CLIP, oracle.Spectral, oracle.Triplet, oracle.DistanceTriplet, oracle.Sigmoid(1, oracle.Bias{}), oracle.DistanceSigmoid(1), oracle.Hinge(1), oracle.DistanceHinge(1), oracle.Negatives(16), oracle.DonskerVaradhan, oracle.Distance} {
		if loss.Name == l.Name {
			return loss
		}
	}
	panic("solver: the oracle does not know " + l.Name)
}

// judge asks the oracle about a candidate.
func judge(l Loss, p gmm.Pairs, c Candidate) verdicts {
	f := oracle.Judge(judged(l), p, oracle.Candidates{Free: c.Free.Form, Constrained: c.Constrained.Form, Inside: c.Inside.Form, Claimed: c.Free.DistanceBound})
	v := verdicts{epsilon: f.Evidence.Epsilon}
	if l.Name == InfoNCE.Name || l.Name == DonskerVaradhan.Name || l.Name == Distance.Name || logisticNames[l.Name] || l.Name == Negatives(16).Name { // as fine as their verdicts needed, which may be coarse
		v.epsilon = distance(l, p, c.Free.Form, 1e-12)
	}
	for _, side := range f.Sides {
		v.containment = append(v.containment, side.Containment)
		if !f.Evidence.Own() {
			v.equality = append(v.equality, side.Equality)
		}
	}
	return v
}

// distance bounds ‖M − M_u‖_F, whitened, by what the oracle finds of M.
func distance(l Loss, p gmm.Pairs, m gmm.Form, tolerance float64) float64 {
	f, err := oracle.JudgePair(judged(l), p, m.Matrix(p), unit(p.Right.Dimension()), tolerance)
	if err != nil {
		return math.Inf(1)
	}
	return f.Distance
}

// plantedCase is a law with what the verdicts of a loss must not be, and for no mistake must be.
type plantedCase struct {
	loss  Loss
	text  string
	apart bool // own covariances that are equal
	full  bool // whitened in all coordinates
	// The truths: verdicts other than these and undecided are wrong; undecided ones tell nothing.
	containment, equality oracle.Verdict
}

// A solver with a mistake converges as well as a right one: its own residual
// tells nothing. The oracle must notice every one of these, by a bound that is
// far beyond what the solver claims, and must never give a wrong verdict.
func TestOracleCatchesPlantedErrors(t *testing.T) {
	const (
		differences = `{"weights": [2, 1, 1], "means": [[2, 1.5], [-2, 0], [0, -2]], "covariance": [[4, 2], [2, 2]]}`
		planar      = `{"weights": [2, 3], "visual": {"means": [[1, "0.5"], [-1, 0]], "covariance": [[2, 1], [1, 1]]}, "text": {"means": [["0.5", 1], ["-0.5", 2]], "covariance": [[1, 0], [0, 2]]}}`
		three       = `{"weights": [1, 2, 4], "visual": {"means": [[2, "0.5"], [-1, 0], [0, 1]], "covariance": "identity"}, "text": {"means": [["1.5", 1], ["-0.5", 0], [1, -2]], "covariance": [[1, "0.5"], ["0.5", 2]]}}`
		uneven      = `{"weights": [2, 3], "visual": {"means": [[1, "0.5"], [-1, 0]], "covariance": [[2, 1], [1, 1]]}, "text": {"means": [["0.5", 1, 0], ["-0.5", 0, 1]], "covariance": [[1, 0, 0], [0, 2, "0.5"], [0, 0.5, 1]]}}`
		tilted      = `{"weights": [1, 2], "means": [[2, 0], [-1, 0]], "covariance": [[[1, "4/5"], ["4/5", 1]], [[1, "-2/5"], ["-2/5", 1]]]}`
		leaking     = `{"weights": [1, 3], "means": [["-3/2", 0], ["1/2", 0]], "covariance": [[[1, 0], [0, "2/5"]], [[1, 0], [0, "6/5"]]]}`
		losing      = `{"weights": [1, 1, 1], "means": [[-2, "1/15"], [0, "-2/15"], [2, "1/15"]], "covariance": [[[1, 0], [0, "6/5"]], [[1, 0], [0, "3/5"]], [[1, 0], [0, "6/5"]]]}`
		several     = `{"weights": [3, 7], "means": [[2, 3], [-1, "1/2"]], "covariance": [[[1, 0.5], [0.5, 4.25]], [[2, -1], [-1, 1]]], "delta": "3/4"}`
	)
	for _, c := range []plantedCase{
		{loss: InfoNCE, text: `{"weights": [1, 3], "means": [[2, 0], [0, 1]], "covariance": [[1, 0], [0, 1]]}`, equality: oracle.Refuted},
		{loss: InfoNCE, text: `{"weights": [3, 7], "means": [[2, 3], [-1, "1/2"]], "covariance": [[1, 0.5], [0.5, 4.25]]}`, equality: oracle.Refuted},
		{loss: InfoNCE, text: `{"weights": [1, 1, 1], "means": [[-2, 4], [-1, -3], [-1, -1]], "covariance": "identity"}`, equality: oracle.Refuted},
		{loss: InfoNCE, text: `{"weights": [2, 1, 1], "means": [[2, 1.5], [-2, 0], [0, -2]], "covariance": [[4, 2], [2, 2]], "delta": 0.5}`, equality: oracle.Holds},
		{loss: InfoNCE, text: tilted, containment: oracle.Refuted},
		{loss: InfoNCE, text: `{"weights": [1, 3, 2], "means": [[2, "1/2"], [0, 1], [-1, 1]], "covariance": [[1, "1/4"], ["1/4", 1]]}`, apart: true, containment: oracle.Holds},
		{loss: DonskerVaradhan, text: tilted, containment: oracle.Refuted},
		{loss: DonskerVaradhan, text: `{"weights": [1, 3, 2], "means": [[2, "1/2"], [0, 1], [-1, 1]], "covariance": [[1, "1/4"], ["1/4", 1]]}`, apart: true, containment: oracle.Holds},
		{loss: Distance, text: differences, equality: oracle.Holds},
		{loss: Distance, text: leaking, containment: oracle.Refuted},
		{loss: Distance, text: losing, containment: oracle.Holds, equality: oracle.Refuted},
		{loss: Triplet, text: `{"weights": [1, 3], "means": [[2, 0], [0, 1]], "covariance": [[1, 0], [0, 1]]}`, equality: oracle.Refuted},
		{loss: DistanceTriplet, text: differences, equality: oracle.Holds},
		{loss: Sigmoid(1, Bias{}), text: `{"weights": [1, 3], "means": [[2, 0], [0, 1]], "covariance": [[1, 0], [0, 1]]}`, equality: oracle.Refuted},
		{loss: Sigmoid(1, Bias{}), text: `{"weights": [2, 1, 1], "means": [[2, 1.5], [-2, 0], [0, -2]], "covariance": [[4, 2], [2, 2]], "delta": 0.5}`, equality: oracle.Holds},
		{loss: Sigmoid(1, Bias{}), text: planar, full: true, containment: oracle.Holds},
		{loss: DistanceSigmoid(1), text: differences, equality: oracle.Holds},
		{loss: Hinge(1), text: `{"weights": [1, 3], "means": [[2, 0], [0, 1]], "covariance": [[1, 0], [0, 1]]}`, equality: oracle.Refuted},
		{loss: DistanceHinge(1), text: differences, equality: oracle.Holds},
		{loss: Negatives(16), text: `{"weights": [1, 3], "means": [[2, 0], [0, 1]], "covariance": [[1, 0], [0, 1]], "delta": "3/4"}`, equality: oracle.Refuted},
		{loss: CLIP, text: planar, full: true, containment: oracle.Holds},
		{loss: CLIP, text: three, full: true, containment: oracle.Holds},
		{loss: Spectral, text: `{"weights": [1, 3], "means": [[2, 0], [1, 1]], "covariance": [[1, 0.5], [0.5, 1]], "delta": "1/2"}`, containment: oracle.Holds, equality: oracle.Holds},
		{loss: Spectral, text: several, containment: oracle.Holds, equality: oracle.Holds},
		{loss: Spectral, text: uneven, equality: oracle.Holds},
		{loss: Spectral, text: planar, full: true, equality: oracle.Holds},
	} {
		p := readPairs(t, c.text)
		if c.apart {
			p = p.Apart()
		}
		for _, plant := range plants() {
			if plant.of != nil && !plant.of(c.loss, p) {
				continue
			}
			c.check(t, p, plant)
		}
	}
}

func (c plantedCase) check(t *testing.T, p gmm.Pairs, plant plant) {
	t.Helper()
	of, whiten := p, gmm.Pairs.WhitenFull
	if c.loss.pools {
		of = p.Pooled()
	}
	if !c.full && of.Shared() {
		whiten = gmm.Pairs.WhitenFisher
	}
	w, err := whiten(of)
	if err != nil {
		t.Fatal(err)
	}
	f, err := state(c.loss, of, w, Options{})
	if err != nil {
		t.Fatal(err)
	}
	terms := c.loss.terms(f.Law)
	q, _ := term.NewSum(f.Law, terms...).Quadratic()
	plant.plant(f.Law, &f.whitened, q)
	if restated := c.loss.terms(f.Law); q == nil || !plant.inTerm {
		terms = restated
	}
	f.Sum = term.NewSum(f.Law, terms...)
	got, err := f.candidate(new(Workspace), Options{}, f.zero())
	if err != nil {
		t.Fatal(plant.name, err)
	}
	if !of.Shared() {
		if got.Inside, err = f.inside(new(Workspace), Options{}, got); err != nil {
			t.Fatal(plant.name, err)
		}
	}
	found := judge(c.loss, p, got)
	nothing := plant.name == "nothing"
	for _, truth := range []struct {
		of    string
		found []oracle.Verdict
		is    oracle.Verdict
	}{{"containment", found.containment, c.containment}, {"equality", found.equality, c.equality}} {
		for _, v := range truth.found {
			if truth.is != oracle.Undecided && v != truth.is && (nothing || v != oracle.Undecided) {
				t.Errorf("%s, %s on %s: %s is %v, the truth %v", c.loss.Name, plant.name, c.text, truth.of, v, truth.is)
			}
		}
	}
	if c.loss.Name == CLIP.Name { // containment is never certified on a wrong minimiser's strength
		if !nothing && found.containment[0] == oracle.Holds {
			t.Errorf("%s on %s: containment holds", plant.name, c.text)
		}
		if nothing && found.epsilon > 1e-8 {
			t.Errorf("nothing planted on %s: the oracle bounds the distance by %.2g, the solver claims %.2g", c.text, found.epsilon, got.Free.DistanceBound)
		}
	}
	if caught := found.epsilon > 1000*got.Free.DistanceBound; caught == nothing {
		t.Errorf("%s, %s on %s: the oracle bounds the distance by %.2g, the solver claims %.2g", c.loss.Name, plant.name, c.text, found.epsilon, got.Free.DistanceBound)
	}
}
