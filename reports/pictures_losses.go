package reports

import (
	"context"
	"fmt"
	"math"
	"math/big"
	"strings"

	beside "contrastcheck/atlas/mixtures"
	"contrastcheck/frontier"
	"contrastcheck/gmm"
	"contrastcheck/losses"
	"contrastcheck/reports/figures"
	"contrastcheck/theorems"
)

// shownMixture is one that a figure shows.
type shownMixture struct {
	name  string
	pairs func() gmm.Pairs
}

// stored is the mixture of a counterexample that is kept.
func stored(claim string, number int) func() gmm.Pairs {
	return func() gmm.Pairs { return theorems.Stored(claim)[number].Case.Pairs }
}

// rareCorner is a centred triple of which a middle number of negatives loses a direction.
func rareCorner() gmm.Pairs {
	document, err := gmm.Read("rare corner", strings.NewReader(
		`{"name": "rare corner", "weights": [1, 7, 50], "means": [[30, 9], [15, 4], ["-2.7", "-0.74"]], "covariance": "identity"}`))
	return must(document.Pairs, err)
}

// ofNegatives are three centred mixtures: few negatives lose a direction of the first, many of the second, and a middle number of the third.
var ofNegatives = []shownMixture{
	{"1 : 87 : 87 : 1, two pairs", stored("negatives-antitone", 0)},
	{"1 : 11 : 420", stored("negatives-monotone", 0)},
	{"1 : 7 : 50", rareCorner},
}

// negativesCurves judges InfoNCE with 1, 2, 4, … negatives.
func negativesCurves(ctx context.Context, p picturing) ([]figures.Figure, error) {
	var all []figures.Series
	for _, m := range ofNegatives {
		most := new(big.Rat).SetInt64(1 << p.Effort.Doublings)
		f, err := p.trace(ctx, m.pairs(), frontier.Axis{Parameter: frontier.Negatives, Low: big.NewRat(1, 1), High: most, Count: p.Effort.Doublings + 1})
		if err != nil {
			return nil, err
		}
		series := figures.Series{Name: m.name}
		for _, point := range f.Points {
			n, _ := point.At[0].Float64()
			series.Points = append(series.Points, figures.Judged{X: math.Log10(n), Y: point.Margin, Verdict: point.Verdict.String()})
		}
		all = append(all, series)
	}
	return []figures.Figure{figures.EigenvalueAlongNegatives(all)}, nil
}

// ofLosses are mixtures on which losses differ.
var ofLosses = []shownMixture{
	{"1 : 11 : 420, centred", stored("equality-centred", 0)},
	{"two points, not centred", stored("equality", 0)},
	{"milder weights, δ < 1", stored("equality-biased", 0)},
	{"mild outlier, centred", stored("sigmoid-equality-centred", 0)},
	{"two rare pairs, centred", stored("negatives-antitone", 0)},
}

// keptByLosses says what each loss keeps of the same mixtures.
func keptByLosses(ctx context.Context, p picturing) ([]figures.Figure, error) {
	all, mixtures := beside.Usual(), ofLosses[:min(len(ofLosses), p.Effort.Mixtures)]
	if len(mixtures) == 0 {
		return nil, nil
	}
	var names, columns []string
	var cells [][]figures.KeptCell
	row := map[string]int{}
	for j, m := range mixtures {
		pairs := m.pairs()
		kept, err := beside.Of(ctx, pairs, losses.Options{}, p.Workers, all)
		if err != nil {
			return nil, err
		}
		columns = append(columns, m.name)
		for _, k := range kept {
			name := strings.TrimSuffix(k.Loss.Title, " loss")
			name = strings.Replace(name, " loss", "", 1)
			i, known := row[name]
			if !known {
				i = len(names)
				row[name] = i
				names, cells = append(names, name), append(cells, make([]figures.KeptCell, len(mixtures)))
			}
			cells[i][j] = figures.KeptCell{Kept: k.Kept, Lost: k.Lost, Of: k.Kept + k.Lost + k.Undecided, Theorem: k.Loss.Theorem.Covers(pairs)}
		}
		p.progress()
	}
	caption := fmt.Sprintf("Directions that the minimiser of each loss keeps of %s: of S_F, of distances of S_c, the span of differences of means, which has one less where the mean is a direction of its own. "+
		"A star says that all are kept by theorem, whatever the mixture.", counted(len(mixtures), "mixture"))
	return []figures.Figure{figures.KeptByLosses("kept-by-losses", "What each loss keeps of the same mixtures", caption, names, columns, cells)}, nil
}
