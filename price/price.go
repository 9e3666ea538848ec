// Package price says what linearity costs: beside each other the least InfoNCE losses that linear and affine maps, nets of one and two smooth neurons, the best shared encoder and the best
// two encoders reach on a mixture, and how much of the information of a pair each keeps.
//
// No encoders keep more than I(x; x̂), and two separate ones reach it: the least loss of any kind of map is −I. How much a map keeps is therefore −loss/I, a share.
package price

import (
	"context"
	"errors"
	"fmt"
	"math"

	"contrastcheck/gmm"
	"contrastcheck/internal/workers"
	"contrastcheck/losses"
	"contrastcheck/oracle"
	"contrastcheck/oracle/information"
	"contrastcheck/oracle/network"
	"contrastcheck/solver/kernel"

	"gonum.org/v1/gonum/mat"
)

// The kinds of maps.
const (
	Linear  = losses.Linear
	Affine  = losses.Affine
	Network = "network"
	Shared  = "shared-encoder"
	Towers  = "two-towers"
)

// Map is what one kind of map achieves.
type Map struct {
	// Map is one of the kinds; Width and Outputs are those of a network, else 0.
	Map            string
	Width, Outputs int
	// Loss is the least that is known, nats, to ±Error, and Share −Loss/I, to ±ShareError; NaN where that is not known to a tenth. Error is an estimate, of −I a bound where the grade is bounded; of the shared encoder it is Gap and what another grid changes.
	Loss, Error, Share, ShareError float64
	// Grade says how far it is to be trusted: bounded or estimated, the oracle's grade of the minimiser, of −I that of the value; Stationary; or Gridded.
	Grade string
	// Gap is, of the shared encoder, how far the loss may be above the least on its grid, by a lower bound from the dual problem; else 0.
	Gap float64
	// Detail says in a few words how it was found.
	Detail string
}

// Grades of losses that are no minima by a certificate.
const (
	// Stationary is the best stationary point of a net that was found.
	Stationary = "stationary"
	// Gridded is a minimum on a grid, with a duality gap.
	Gridded = "grid"
)

// Price is what maps achieve on a mixture.
type Price struct {
	// Information is I(x; x̂), nats.
	Information information.Value
	// Maps are in the order of what they may do, the best towers last.
	Maps []Map
	// LeftOut says, a sentence each, which maps are missing and why.
	LeftOut []string
	// Picture shows the linear map beside the best shared encoder; nil where there is no grid.
	Picture *Picture
}

// Options steer Of. The zero value asks for the defaults.
type Options struct {
	// Seed determines random starts, and what is drawn of information in three dimensions and more.
	Seed uint64
	// Limit multiplies the work of each part: > 0. Zero means 1.
	Limit float64
	// Progress, if not nil, is called after each of Steps steps, from the goroutine that called Of.
	Progress func()
}

// Steps is how often Progress is called, the last times onGrids.
const Steps, onGrids = 3 + 4, 4

// Of computes what maps achieve on pairs of one modality with a shared covariance; others are refused, with gmm.ErrOtherModel. Where pairs tell nothing of their components losses are 0 and shares NaN. When ctx ends, so does Of, at once, with its error.
func Of(ctx context.Context, p gmm.Pairs, o Options) (Price, error) {
	if err := p.WantSingle(); err != nil {
		return Price{}, err
	}
	if o.Limit == 0 {
		o.Limit = 1
	}
	var result Price
	var failure error
	err := workers.Run(ctx, 1, 1, func(_ int, keep func(func()) bool) {
		found, err := compute(ctx, p, o, func() {
			keep(func() {
				if o.Progress != nil {
					o.Progress()
				}
			})
		})
		keep(func() { result, failure = found, err })
	})
	if err != nil {
		return Price{}, fmt.Errorf("price: ended early: %w", err)
	}
	return result, failure
}

func compute(ctx context.Context, p gmm.Pairs, o Options, step func()) (x Price, err error) {
	linear, row, err := decided(ctx, losses.InfoNCE, p, o)
	if err != nil {
		return x, err
	}
	x.Maps = append(x.Maps, row)
	step()
	affine, err := losses.Choose(losses.Settings{Map: losses.Affine})
	if err != nil {
		return x, err
	}
	if _, row, err = decided(ctx, affine, p, o); err != nil {
		return x, err
	}
	x.Maps = append(x.Maps, row)
	step()
	if x.Information, err = information.Of(p, o.Limit, o.Seed); err != nil {
		return x, err
	}
	step()
	if err := x.gridded(ctx, p, linear, o, step); err != nil {
		return x, err
	}
	i := x.Information
	towers := Map{Map: Towers, Loss: -i.Value, Error: i.Error, Grade: i.Grade.String(), Detail: fmt.Sprintf("−I(x; x̂), by a trapezoidal rule of %d nodes a side", i.Points)}
	if i.Grade == oracle.Estimated {
		towers.Detail = fmt.Sprintf("−I(x; x̂) of %d pairs that were drawn, ± three standard errors", i.Points)
	}
	x.Maps = append(x.Maps, towers)
	for j := range x.Maps {
		m := &x.Maps[j]
		m.share(i)
		if p.Uninformative() {
			m.Loss = 0 // exactly
		}
	}
	return x, nil
}

// vague is the error of a share from which it is not known.
const vague = 0.1

// share is that of the information that the loss keeps, with its error; NaN where that is vague.
func (m *Map) share(i information.Value) {
	m.Share = max(0, -m.Loss/i.Value)
	m.ShareError = (m.Error + m.Share*i.Error) / i.Value
	if m.Map == Towers {
		m.ShareError = i.Error / i.Value
	}
	if !(m.ShareError < vague) {
		m.Share, m.ShareError = math.NaN(), math.NaN()
	}
}

// decided is what a linear or affine map achieves.
func decided(ctx context.Context, l losses.Loss, p gmm.Pairs, o Options) (losses.Decision, Map, error) {
	d, err := losses.Decide(ctx, l, p, losses.Options{Limit: o.Limit, Seed: o.Seed})
	if err != nil {
		return d, Map{}, err
	}
	c := d.Candidate.Constrained
	detail := fmt.Sprintf("the minimum over M ⪰ 0, of rank %d", c.Rank)
	if l.Affine() && d.Findings.Existence == oracle.Refuted {
		detail = "the infimum over M ⪰ 0: no affine minimiser exists, its bias tends to infinity"
	}
	// The loss is 1-strongly convex: a gradient g leaves it within |g|²/2 of the least.
	return d, Map{Map: l.Settings.Map, Loss: c.Loss, Error: c.LossError + c.GradientNorm*c.GradientNorm/2,
		Grade: d.Findings.Evidence.Grade.String(), Detail: detail}, nil
}

// Fineness of grids, in digits as natural logarithms, their most nodes, and starts of nets of each width: on a line and in the plane.
var fineness = map[int]struct {
	digits float64
	most   int
	starts [3]int
}{1: {40, 400, [3]int{1: 8, 2: 16}}, 2: {15, 800, [3]int{1: 6, 2: 8}}}

// rougher are the digits of a rough grid, for starts and to compare with, for each of the fine one.
const rougher = 0.75

// gridded adds what is computed on grids.
func (x *Price) gridded(ctx context.Context, p gmm.Pairs, linear losses.Decision, o Options, step func()) error {
	s := p.Left.DifferenceDimension()
	if p.Uninformative() {
		x.LeftOut = append(x.LeftOut, "Pairs tell nothing of their components: there is nothing to keep.")
		skip(step)
		return nil
	}
	f := fineness[min(s, kernel.MostDimensions)]
	most := int(float64(f.most) * math.Sqrt(max(o.Limit, 1)))
	fine, err := kernel.Finest(p, f.digits, most)
	var rough *kernel.Grid
	if err == nil {
		rough, err = kernel.NewGrid(p, rougher*fine.Digits, most)
	}
	if errors.Is(err, kernel.ErrGrid) {
		x.LeftOut = append(x.LeftOut, leftOut(s))
		skip(step)
		return nil
	}
	if err != nil {
		return err
	}
	var from *kernel.Neurons
	var best []kernel.Neurons
	for width := 1; width <= 2; width++ {
		if err := ctx.Err(); err != nil {
			return err
		}
		found := kernel.MinimiseNeurons(rough, fine, kernel.NeuronOptions{Hidden: width, Outputs: width, Starts: f.starts[width], Seed: o.Seed, From: from})
		row, err := judged(p, fine, found)
		if err != nil {
			return err
		}
		x.Maps = append(x.Maps, row)
		from, best = &found.Neurons, append(best, found.Neurons)
		step()
	}
	first := kernel.Minimise(rough, nil, 0)
	step()
	if err := ctx.Err(); err != nil {
		return err
	}
	encoder := kernel.Minimise(fine, first.On(fine), first.Outputs)
	x.Maps = append(x.Maps, Map{Map: Shared, Outputs: encoder.Outputs + 1, Loss: encoder.Loss, Gap: encoder.Gap(), Error: encoder.Gap() + math.Abs(encoder.Loss-first.Loss), Grade: Gridded,
		Detail: fmt.Sprintf("%s on a grid of %d nodes, duality gap %.1g; one of %d nodes differs by %.1g", counted(encoder.Outputs, "feature"), len(fine.Nodes), encoder.Gap(), len(rough.Nodes), math.Abs(first.Loss-encoder.Loss))})
	x.Picture = pictured(fine, linear, best[1], encoder)
	step()
	return nil
}

// skip passes over the steps on grids.
func skip(step func()) {
	for range onGrids {
		step()
	}
}

// rounding is that of sums of some thousand exponentials.
const rounding = 1e-12

// judged is the loss of a net by the oracle.
func judged(p gmm.Pairs, g *kernel.Grid, found kernel.Stationary) (Map, error) {
	f := found.InOriginal(g)
	erf, err := network.Named("erf")
	if err != nil {
		return Map{}, err
	}
	net := network.Net{W: f.W, B: f.B, V: f.V, C: make([]float64, len(f.V[0])), Activation: erf}
	v, err := network.Loss(p, net, net)
	if err != nil {
		return Map{}, err
	}
	// Two rules of different kinds, of either pillar, are as far apart as the worse of them is off.
	error := min(v.Error, 2*math.Abs(v.Value-found.Loss)+rounding)
	return Map{Map: Network, Width: len(f.W), Outputs: len(net.C), Loss: v.Value, Error: error, Grade: Stationary,
		Detail: fmt.Sprintf("%s without a bias, the best stationary point of %d starts, gradient %.1g", counted(len(net.C), "output"), found.Starts, found.GradientNorm)}, nil
}

// columns of the linear map, d×r; nil if it is 0.
func columns(d losses.Decision) *mat.Dense { return d.Candidate.Constrained.Left.Columns }

// Activation is that of the nets.
const Activation = "erf"
