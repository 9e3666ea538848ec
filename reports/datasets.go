package reports

import (
	"bytes"
	"context"
	_ "embed"
	"fmt"
	"math/big"

	"contrastcheck/comparison"
	"contrastcheck/gmm"
	"contrastcheck/reports/figures"
	"contrastcheck/tables"
)

// dataset is what projections are compared on.
type dataset struct {
	id, title, description string
	claims                 []string // to which it belongs
	// mixture or table make it.
	mixture func() gmm.Pairs
	table   func() *tables.Table
	classes []string // of a mixture
	// shown are the projections drawn.
	shown []comparison.Projection
}

var (
	all     = []comparison.Projection{comparison.Random, comparison.SVD, comparison.LDA, comparison.InfoNCE}
	learned = []comparison.Projection{comparison.LDA, comparison.InfoNCE}
)

var datasets = []dataset{
	{"two-clusters", "Two clusters in 50 dimensions",
		"Two equally likely spherical components, means 4 standard deviations apart. Where covariances are spherical, SVD spans the Fisher subspace.",
		[]string{"svd-spherical", "fisher-optimal"}, func() gmm.Pairs { return alongFirst("two clusters", 2, 1, 1) },
		nil, []string{"component 1", "component 2"}, all},
	{"parallel-pancakes", "Parallel pancakes in 50 dimensions",
		"Two equally likely components, ¼ thin across, where their means (±1) differ, and 4 wide along another coordinate. The direction of greatest variance says nothing about the components.",
		[]string{"svd-shared", "fisher-optimal"}, func() gmm.Pairs { return alongFirst("parallel pancakes", 1, 1.0/16, 16) },
		nil, []string{"component 1", "component 2"}, all},
	{"iris", "Iris, by LDA and InfoNCE",
		"150 flowers of three species, four measurements in cm (R. A. Fisher, 1936). Scores are of projections learned from a random two thirds, centred, on the other third.",
		[]string{"equality-centred", "fisher-optimal"}, nil, func() *tables.Table { return readTable("iris.csv", irisCSV, "species") }, nil, learned},
	{"wine", "Wine, by LDA and InfoNCE",
		"178 wines of three cultivars, 13 measurements in their own units (M. Forina et al., 1988). Scores are of projections learned from a random two thirds, centred, on the other third.",
		[]string{"equality-centred", "fisher-optimal"}, nil, func() *tables.Table { return readTable("wine.csv", wineCSV, "cultivar") }, nil, learned},
}

// Copies of testdata/iris.csv and testdata/wine.csv.
var (
	//go:embed data/iris.csv
	irisCSV []byte
	//go:embed data/wine.csv
	wineCSV []byte
)

func readTable(name string, text []byte, label string) *tables.Table {
	return must(tables.Read(name, bytes.NewReader(text), tables.Options{Label: label}))
}

// alongFirst returns two equally likely components in 50 dimensions with means ±mean in
// the first coordinate, where the variance is first, second in the second and 1 elsewhere.
func alongFirst(name string, mean, first, second float64) gmm.Pairs {
	const dimension = 50
	mean1, mean2 := make([]float64, dimension), make([]float64, dimension)
	mean1[0], mean2[0] = -mean, mean
	covariance := gmm.IdentityRows(dimension)
	covariance[0][0].SetFloat64(first)
	covariance[1][1].SetFloat64(second)
	e := gmm.Exact{Name: name, Weights: gmm.Rationals(1, 1), Means: [][]*big.Rat{gmm.Rationals(mean1...), gmm.Rationals(mean2...)}, Covariance: covariance}
	return must(gmm.NewPairs(must(gmm.NewExact(e)), big.NewRat(1, 1)))
}

// compare scores projections on the data set and draws them.
func (d dataset) compare(ctx context.Context, o Options, progress func()) (Comparison, error) {
	result, scatters, classes, err := d.project(ctx, o, comparison.Options{Seeds: o.Effort.Seeds, Seed: o.Seed, Workers: o.Workers, Progress: progress, Centred: true})
	if err != nil {
		return Comparison{}, fmt.Errorf("%s: %w", d.title, err)
	}
	c := Comparison{ID: d.id, Title: d.title, Description: d.description, Components: result.Components, Dimension: result.Dimension,
		FisherDimension: result.FisherDimension, Seeds: result.Seeds, Rows: []Projected{}}
	if c.Kept, err = d.kept(ctx); err != nil {
		return Comparison{}, fmt.Errorf("%s: %w", d.title, err)
	}
	for _, row := range result.Rows {
		c.Rows = append(c.Rows, newProjected(row))
	}
	caption := "Orthogonal projections of all rows on what each method learned from all of them, centred; axes are in the data's units."
	if result.FisherDimension == 1 {
		caption = "Orthogonal projections on the one direction that each method learned, in the data's units; each class has a lane, across which positions mean nothing."
	}
	c.Figures = []figures.Figure{
		figures.Scatters("scatter-"+d.id, d.title, caption, classes, d.panels(scatters)),
		figures.ScoresPerProjection("scores-"+d.id, "Scores: "+d.title, result.Rows),
	}
	return c, nil
}

// project compares projections and shows them.
func (d dataset) project(ctx context.Context, o Options, seeds comparison.Options) (result comparison.Result, scatters []comparison.Scatter, classes []string, err error) {
	if d.table != nil {
		table, certain := d.table(), big.NewRat(1, 1)
		if result, err = comparison.OfTable(ctx, table, certain, seeds); err == nil {
			scatters, err = comparison.ScattersOfTable(table, certain, o.Seed)
		}
		return result, scatters, table.Classes, err
	}
	p := d.mixture()
	if result, err = comparison.OfMixture(ctx, p, o.Effort.Samples, seeds); err == nil {
		scatters, err = comparison.ScattersOfMixture(p, o.Effort.Samples, o.Seed)
	}
	return result, scatters, d.classes, err
}

// panels are the scatters that are shown.
func (d dataset) panels(scatters []comparison.Scatter) []figures.Scatter {
	var out []figures.Scatter
	for _, projection := range d.shown {
		for _, s := range scatters {
			if s.Projection == projection {
				out = append(out, figures.Scatter{Title: projection.Name(), Scatter: s})
			}
		}
	}
	return out
}
