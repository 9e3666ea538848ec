package cli

import (
	"bytes"
	"cmp"
	"fmt"
	"math"
	"strings"

	"contrastcheck/comparison"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/jedib0t/go-pretty/v6/text"
)

// text writes the comparison for a person; a quiet text is the table alone.
func (c compared) text(b *bytes.Buffer, quiet bool) {
	if !quiet {
		name := cmp.Or(printable(c.Name), "mixture")
		if c.Centred {
			name += ", centred"
		}
		fmt.Fprintf(b, "%s: %s in %s, δ = %.6g, Fisher subspace S_F of dimension %d\n%s, each with %d training and %d test samples; mean ± standard error\n\n",
			name, count(c.Components, "component"), count(c.Dimension, "dimension"), c.Delta, c.FisherDimension,
			count(c.Seeds, "seed"), c.Training, c.Test)
	}
	t := plainTable()
	t.AppendRow(table.Row{"PROJECTION", "COLUMNS", "J", "ANGLE °", "ARI", "AMI", "1-NN", "CENTROID"})
	for _, p := range c.Projections {
		t.AppendRow(table.Row{comparison.Projection(p.Projection).Name(), p.Dimension.mean("%.3g"), p.Discriminant.relative(), p.LargestAngle.fixed(1),
			p.AdjustedRand.fixed(3), p.AdjustedMutualInformation.fixed(3), p.NearestNeighbour.fixed(3), p.NearestCentroid.fixed(3)})
	}
	var right []table.ColumnConfig
	for i := 2; i <= 8; i++ {
		right = append(right, table.ColumnConfig{Number: i, Align: text.AlignRight})
	}
	t.SetColumnConfigs(right)
	fmt.Fprintln(b, t.Render())
	if c.BoxM != nil && c.BoxM.words != "" && !quiet {
		fmt.Fprintf(b, "\n%s\n", c.BoxM.words)
	}
	if c.Trained != nil && !quiet {
		c.Trained.text(b)
	}
}

// text says how far training is from theory.
func (t *trained) text(b *bytes.Buffer) {
	how, aim := "", ","
	if t.Batch > 0 {
		how = fmt.Sprintf(" in batches of %d", t.Batch)
	}
	if t.ToBatchOptimum != nil {
		aim = fmt.Sprintf(", %s° from that of InfoNCE with %s, which such batches aim at,", t.ToBatchOptimum.fixed(1), count(t.Batch-1, "negative"))
	}
	fmt.Fprintf(b, "\nTrained on the samples%s, the encoder of the %s is %s° from Col(A*) of the mixture%s and %s° from LDA: largest principal angles.\n",
		how, t.title, t.ToOptimum.fixed(1), aim, t.ToLDA.fixed(1))
	if t.ToOwn != nil {
		fmt.Fprintf(b, "From Col(A*) of the mixture with own covariances it is %s°: %s\n", t.ToOwn.fixed(1), t.nearer())
	}
	fmt.Fprintf(b, "Training ended at a relative gradient of at most %.0e.\n", float64(t.Gradient))
}

// nearer says which of the two models training comes nearer to; neither where the angles are within two standard errors of one another.
func (t trained) nearer() string {
	apart := float64(t.ToOptimum.Mean - t.ToOwn.Mean)
	error := math.Hypot(float64(t.ToOptimum.StandardError), float64(t.ToOwn.StandardError))
	switch {
	case !(math.Abs(apart) > 2*error):
		return "neither model is certainly nearer to what training does."
	case apart > 0:
		return "that model is nearer to what training does."
	}
	return "the shared covariance is nearer to what training does."
}

// fixed shows a number of decimals; the error is left out where it is not known, or 0.
func (e estimate) fixed(decimals int) string { return e.format(fmt.Sprintf("%%.%df", decimals)) }

// relative shows the mean to four digits, and the error to as many decimals.
func (e estimate) relative() string {
	decimals := 0
	if size := math.Abs(float64(e.Mean)); size > 0 {
		decimals = max(0, min(6, 3-int(math.Floor(math.Log10(size)))))
	}
	return e.fixed(decimals)
}

func (e estimate) format(verb string) string {
	if x := float64(e.StandardError); !math.IsNaN(x) && fmt.Sprintf(verb, x) != fmt.Sprintf(verb, 0.0) {
		return e.mean(verb) + " ± " + fmt.Sprintf(verb, x)
	}
	return e.mean(verb)
}

func (e estimate) mean(verb string) string {
	if math.IsNaN(float64(e.Mean)) {
		return "?"
	}
	shown := fmt.Sprintf(verb, float64(e.Mean))
	if strings.Trim(shown, "-0.") == "" { // no sign before 0
		shown = strings.TrimPrefix(shown, "-")
	}
	return shown
}
