package losses

import (
	"cmp"
	"fmt"
	"math"
	"strings"

	"contrastcheck/gmm"
	"contrastcheck/oracle"
	judge "contrastcheck/oracle/cosine"
	"contrastcheck/solver/cosine"
)

// CosineScore is the score f(x)·f(y)/τ of embeddings f(x) = Aᵀx/‖Aᵀx‖. Losses of it are not convex in M: ChooseCosine has them.
const CosineScore = "cosine"

// cosineNames are the words for losses of cosines.
var cosineNames = []string{"infonce", "sigmoid"}

// Cosine is a loss of cosines.
type Cosine struct {
	Title    string
	Settings Settings

	temperature float64
	solver      cosine.Loss
	oracle      *judge.Loss // nil where none judges it
}

// ChooseCosine returns the loss of cosines that settings ask for, or what was expected in their place. The standard temperature is 1.
func ChooseCosine(s Settings) (Cosine, error) {
	s.Loss, s.Score, s.Map = strings.ToLower(cmp.Or(s.Loss, "infonce")), CosineScore, strings.ToLower(cmp.Or(s.Map, Linear))
	kinds := map[string]struct {
		counts counts
		biases biases
		title  string
	}{
		"infonce": {counts: whole, title: "InfoNCE loss of cosines"},
		"sigmoid": {counts: weighted, biases: anyBias, title: "sigmoid loss of cosines"},
	}
	k, ok := kinds[s.Loss]
	switch {
	case !ok:
		_, err := Choose(s) // which refuses it
		return Cosine{}, fmt.Errorf("%w; --score cosine is served with --loss %s", err, strings.Join(cosineNames, " and "))
	case s.Map != Linear:
		return Cosine{}, fmt.Errorf("losses: --map: expected linear with --score cosine, found %q", s.Map)
	case s.Margin != "":
		return Cosine{}, fmt.Errorf("losses: --margin: expected none with --loss %s --score cosine, found %s", s.Loss, s.Margin)
	}
	negatives, ok := k.counts.read(s.Negatives)
	if !ok {
		return Cosine{}, fmt.Errorf("losses: --negatives: expected %s with --loss %s --score cosine, found %s", k.counts.expected, s.Loss, s.Negatives)
	}
	bias, err := k.biases.read(s.Bias, s.Loss, CosineScore)
	if err != nil {
		return Cosine{}, err
	}
	x := parameters{negatives: negatives, bias: bias}
	s.Negatives = written(negatives, infinity)
	c := Cosine{Title: k.title}
	if c.temperature, s.Temperature, err = readTemperature(s.Temperature); err != nil {
		return Cosine{}, err
	}
	switch {
	case s.Loss == "sigmoid":
		c.solver, c.Title = cosine.Sigmoid(x.weight(), cosine.Bias(x.fixedBias()), c.temperature), x.titled(c.Title)
		s.Bias = written(bias, free)
		if bias == nil {
			of := judge.Sigmoid(x.weight())
			c.oracle = &of
		}
	case negatives == nil:
		c.solver, c.oracle = cosine.InfoNCE(c.temperature), &judge.InfoNCE
	default:
		c.solver, c.Title = cosine.Negatives(x.count(), c.temperature), x.titled(c.Title)
		if x.count() == 1 {
			c.oracle = &judge.Triplet
		}
	}
	c.Settings = s
	return c, nil
}

// whole are infinitely many, or a whole number.
var whole = counts{expected: fmt.Sprintf("inf or a whole number from 1 to %d", MostNegatives), standard: infinity, finite: several.finite, infinite: true}

// readTemperature reads τ > 0, by default 1, and writes it out.
func readTemperature(text string) (float64, string, error) {
	if text == "" {
		return 1, "1", nil
	}
	x, err := gmm.ParseNumber(text)
	if err != nil || x.Sign() <= 0 {
		return 0, "", fmt.Errorf("losses: --temperature: expected a number > 0%s, found %s", gmm.Sized(err), text)
	}
	τ, _ := x.Float64()
	if !(cosine.LeastTemperature <= τ && τ <= cosine.MostTemperature) {
		return 0, "", fmt.Errorf("losses: --temperature: expected a number from %g to %g, found %s", cosine.LeastTemperature, float64(cosine.MostTemperature), text)
	}
	return τ, gmm.FormatNumber(x), nil
}

// Temperature is τ.
func (c Cosine) Temperature() float64 { return c.temperature }

// MostColumns is the largest number of columns that Decide searches: the average over finitely many negatives is too dear on a sphere.
func (c Cosine) MostColumns() int {
	if c.Settings.Loss == "infonce" && c.Settings.Negatives != infinity {
		return 2
	}
	return cosine.MostColumns
}

// StandardColumns are as many as there are components or, where those are fewer, as it takes to leave the Fisher subspace beside one of them, but MostColumns at most.
func (c Cosine) StandardColumns(p gmm.Pairs) int {
	leaving := min(p.Left.FisherDimension()+1, p.Left.Dimension())
	return min(max(p.Components(), leaving), c.MostColumns())
}

// Normalised is what is known of a loss of cosines.
type Normalised struct {
	Stationary
	// Rank is that of the best A, Outside its share ‖QM‖_F/‖M‖_F outside the Fisher subspace, whitened, M = AAᵀ and Q the projector off it.
	Rank    int
	Outside float64
	// Unresolved says which ranks were not searched, and why; "" if none.
	Unresolved string
	// Effect is what the best embedding makes of the components, Within what the best inside the Fisher subspace does.
	Effect, Within cosine.Effect
}

// Decide searches for the best A of so many columns, from 1 to MostColumns, and refutes containment where two values of the loss do.
func (c Cosine) Decide(p gmm.Pairs, columns int, seed uint64) (Normalised, error) {
	if columns > c.MostColumns() {
		return Normalised{}, fmt.Errorf("losses: expected at most %d columns with %s negatives, found %d", c.MostColumns(), c.Settings.Negatives, columns)
	}
	r, err := cosine.Minimise(c.solver, p, cosine.Options{Columns: columns, Seed: seed})
	if err != nil {
		return Normalised{}, err
	}
	n := Normalised{Rank: r.Best.Rank, Outside: r.Best.Defect, Unresolved: r.Unresolved}
	n.Best, n.Inside = found(r.Best), found(r.Inside)
	n.Everything = r.Fisher == p.Left.Dimension()
	n.AtMost, n.AtLeast, n.By = math.NaN(), math.NaN(), c.unbounded(r, columns, n.Everything)
	if n.Effect, err = cosine.EffectOf(p, r.Best.A, r.Best.Outside); err != nil {
		return n, err
	}
	if n.Within, err = cosine.EffectOf(p, r.Inside.A, 0); err != nil || n.By != "" {
		return n, err
	}
	var b bounds
	if r.Fisher == 1 {
		b = c.onLine(p, r.Best.A)
	} else {
		b = c.onPlane(p, r.Best.A)
	}
	n.AtMost, n.AtLeast, n.By, n.Grade = b.atMost, b.atLeast, b.by, oracle.Bounded
	return n, nil
}

// unbounded says why no value is bounded, "" if one is; and what is known by theorem: a sample near the boundary of a sign, or near the origin of a plane, is one whose embedding
// a little noise softens, and a convex loss of bounded scores gains from that more than it pays.
func (c Cosine) unbounded(r cosine.Result, columns int, everything bool) string {
	const none = "none: inside a Fisher subspace of two dimensions or more there is no closed form"
	switch {
	case r.Fisher > 1 && everything:
		return none
	case r.Fisher == 2 && columns > 2 && c.oracle != nil && *c.oracle == judge.InfoNCE:
		return "" // by cells
	case r.Fisher == 2 && columns > 2:
		return none + "; by theorem no minimiser of three columns lies inside one of two"
	case r.Fisher == 2 && columns == 2 && c.oracle != nil && *c.oracle == judge.InfoNCE:
		return none + "; of three columns, all inside a plane are bounded"
	case r.Fisher > 1 && r.Best.Rank == 1 && columns > 1:
		return none + "; by theorem no A of rank one inside is best of two columns or more, but what noise gains is less than was found"
	case r.Fisher > 1:
		return none
	case columns == 1:
		return "none: of one column no other value is bounded"
	case c.oracle == nil:
		return "none: values are bounded of infonce with infinitely many negatives or one and of sigmoid with a free bias"
	}
	return ""
}

// Evaluate is the loss of x ↦ Aᵀx/‖Aᵀx‖ of the document, known to ±err.
func (c Cosine) Evaluate(d gmm.Document) (value, err float64, failure error) {
	e, failure := cosine.Evaluate(c.solver, d.Pairs, d.A)
	return e.Value, e.Error, failure
}

func found(m cosine.Minimum) Found {
	return Found{A: m.A, Loss: m.Value, LossError: m.Error, Bias: m.Bias, GradientNorm: m.GradientNorm, LeastCurvature: m.LeastCurvature,
		CurvatureError: m.CurvatureError, Starts: m.Starts, Reached: m.Reached, Rule: m.Rule, Points: m.Points}
}
