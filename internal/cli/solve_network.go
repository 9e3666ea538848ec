package cli

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"strings"
	"time"

	"contrastcheck/gmm"
	"contrastcheck/losses"

	"github.com/jedib0t/go-pretty/v6/table"
)

// networkSolution is the output of solve for networks: that of losses that are not convex, and what a network has besides.
type networkSolution struct {
	stationarySolution
	Activation string  `json:"activation"`
	Width      int     `json:"width"`
	Biases     bool    `json:"biases"`
	Noise      *number `json:"noise_second_order,omitempty"`
	Theorem    string  `json:"theorem,omitempty"`
	// Centred takes the place of that of stationarySolution.
	Centred *networkSolution `json:"centred,omitempty"`

	hidden losses.Hidden
}

// writtenNet is a net as files have it.
type writtenNet struct {
	W matrix    `json:"w"`
	B []float64 `json:"b"`
	V matrix    `json:"v"`
	C []float64 `json:"c"`
}

// mostOutputs bounds --rank of networks.
const mostOutputs = 16

// hidden solves for networks.
func (c *solveCommand) hidden(s *session) error {
	loss, err := c.network(c.chosen)
	if err != nil {
		return err
	}
	if err := c.plainly("--map network"); err != nil {
		return err
	}
	d, err := c.document(s)
	if err != nil {
		return err
	}
	r, err := c.encoder(s, loss, d.Pairs)
	if err != nil {
		return err
	}
	if c.Data != "" && !c.Centre && c.NoBiases { // with biases both are the same
		centred, failure := d.Pairs.Centre()
		if failure == nil {
			var other networkSolution
			if other, failure = c.encoder(s, loss, centred); failure == nil {
				r.Centred = &other
			}
		}
		err = failure
	}
	if s.Format == "json" {
		return errors.Join(json.NewEncoder(s.stdout).Encode(r), err)
	}
	if s.Format == notebook {
		return errors.Join(s.both(r, "", func(w io.Writer) error { return r.text(w, s.Quiet) }), err)
	}
	return errors.Join(r.text(s.stdout, s.Quiet), err)
}

// encoder searches for the best net of pairs.
func (c *solveCommand) encoder(s *session, loss losses.Network, p gmm.Pairs) (networkSolution, error) {
	outputs := max(1, p.Components()-1)
	if c.Rank != nil {
		outputs = *c.Rank
	}
	if outputs < 1 || outputs > mostOutputs {
		return networkSolution{}, fmt.Errorf("--rank: expected a number of outputs from 1 to %d with --map network, found %d", mostOutputs, outputs)
	}
	start := time.Now()
	h, err := solving(s, func() (losses.Hidden, error) { return loss.Decide(p, outputs, s.Seed, float64(c.Limit)) })
	if err != nil {
		return networkSolution{}, inFile(c.source(), err)
	}
	r := networkSolution{stationarySolution: newStationary(p, loss.Settings, loss.Title, h.Stationary, outputs, min(outputs, loss.Shape.Hidden), h.Outside),
		Activation: loss.Shape.Activation.Name, Width: loss.Shape.Hidden, Biases: loss.Shape.Biases, Theorem: h.Theorem, hidden: h}
	r.Made, r.Seconds = newMade(c.input), time.Since(start).Seconds()
	if c.preparation != nil {
		r.Data = c.preparation
	}
	r.space, r.FisherDimension, r.Method = loss.Subspace(), h.Dimension, "factored"
	if h.Proved {
		r.Certificate.Grade = "proved"
	}
	if h.Theorem != "" {
		r.Containment.By = "theorem"
	}
	if !math.IsNaN(h.Noise) {
		noise := number(h.Noise)
		r.Noise = &noise
	}
	net := writtenNet{W: matrixOf(h.Net.W), B: h.Net.B, V: matrixOf(h.Net.V), C: h.Net.C}
	r.Minimiser.Net = net
	return r, nil
}

// text writes the solution for a person. A quiet text ends after the verdict.
func (s networkSolution) text(w io.Writer, quiet bool) error {
	name := printable(s.Name)
	if name == "" {
		name = "mixture"
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s in %s, δ = %.6g, %s of dimension %d, %s, %s\n\n", name, count(s.Components, "component"), count(s.Dimension, "dimension"), s.Delta,
		s.subspace(), s.FisherDimension, s.title, count(s.Rank, "output"))
	s.body(&b, quiet)
	if c := s.Centred; c != nil {
		fmt.Fprintf(&b, "\nCentred, as by --centre: %s of dimension %d\n\n", c.subspace(), c.FisherDimension)
		c.body(&b, quiet)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func (s networkSolution) subspace() string {
	if s.Biases {
		return "centred Fisher subspace S_c"
	}
	return "Fisher subspace S_F"
}

func (s networkSolution) body(b *strings.Builder, quiet bool) {
	t := plainTable()
	reason := s.found.Reason(s.space)
	if s.Theorem != "" && !s.found.Everything {
		reason = "tested by no two values; by theorem the best net sees x through " + s.space + " alone: " + s.Theorem
	}
	t.AppendRow(table.Row{"Containment", "W* sees " + s.space + " alone", strings.ToUpper(s.Containment.Verdict), reason})
	fmt.Fprintln(b, t.Render())
	if quiet {
		return
	}
	fmt.Fprintf(b, "\nThis loss is not convex: the net is the best stationary point that was found, not certainly the best.\n\n")
	t = plainTable()
	row := func(name, text string) { t.AppendRow(table.Row{name, text}) }
	best, inside := s.found.Best, s.found.Inside
	row("Best net found", fmt.Sprintf("loss %.12g ± %.1g, %.3g of its hidden weights outside %s", best.Loss, best.LossError, float64(s.Containment.Defect), s.space))
	row("Gradient", fmt.Sprintf("norm %.1g; least curvature %.4g: %s", best.GradientNorm, best.LeastCurvature, best.Curved()))
	if best.GradientNorm > settled {
		row("", "the descents had not settled: the best net may have weights or biases that grow without bound")
	}
	within := fmt.Sprintf("loss %.12g ± %.1g at best found", inside.Loss, inside.LossError)
	if s.Inside.AtLeast.Finite() {
		within += fmt.Sprintf("; every net inside, of any width, has at least %.12g, and one outside at most %.12g", s.found.AtLeast, s.found.AtMost)
	}
	row("Inside "+s.space, within)
	if s.Noise != nil {
		row("Noise", s.noise())
	}
	solver := s.Method
	if best.Starts > 0 {
		solver += fmt.Sprintf(", %d of %s led to it", best.Reached, count(best.Starts, "start"))
	}
	row("Solver", solver+", "+best.Rule+", "+count(best.Points, "node"))
	s.evidence(row)
	fmt.Fprintln(b, t.Render())
	net := s.hidden.Net
	fmt.Fprintf(b, "\nW, a row a neuron:\n%s\n\nV, a row a neuron:\n%s\n", columns(matrixOf(net.W)), columns(matrixOf(net.V)))
	if s.Biases {
		fmt.Fprintf(b, "\nBiases of the neurons:\n%s\n\nBiases of the outputs:\n%s\n", columns(vector(net.B)), columns(vector(net.C)))
	}
}

// settled is the gradient norm of points that a descent ends at.
const settled = 1e-6

// noise says what a little weight on noise does to the best net inside.
func (s networkSolution) noise() string {
	value, off := s.hidden.Noise, 10*s.hidden.NoiseError
	switch words := fmt.Sprintf("second derivative %.4g at least along hidden weights on noise, at the best net inside: ", value); {
	case value > off:
		return words + "a little of it raises the loss"
	case value < -off:
		return words + "a little of it lowers the loss"
	default:
		return words + "not told from 0"
	}
}

// matrixOf is a list of rows.
func matrixOf(list [][]float64) (m matrix) {
	for _, row := range list {
		m = append(m, vector(row)...)
	}
	return m
}
