package reports

import (
	"cmp"
	"context"
	"fmt"
	"time"

	"contrastcheck/comparison"
	"contrastcheck/gmm"
	"contrastcheck/internal/workers"
	"contrastcheck/losses"
	"contrastcheck/oracle"
	"contrastcheck/price"
)

// OwnOptions steer GatherOwn.
type OwnOptions struct {
	// Effort's Seeds are those of the comparison; Quick makes maps coarser and proofs shorter.
	Effort Effort
	Seed   uint64
	// Limit multiplies the work that each part may take: > 0.
	Limit gmm.Limit
	// Workers is the number of cores. The report does not depend on it.
	Workers int
	Stamp   bool
	// Progress, if not nil, is called after steps, with their number, from one goroutine.
	Progress func(steps int)
}

// Steps returns the number of steps that Progress is told of in all.
func (o OwnOptions) Steps(s Subject) int {
	steps := drawing + o.Effort.Seeds
	if s.resamplable() {
		steps += o.resamples()
	}
	if s.priced() {
		steps += price.Steps
	}
	for range s.readings() {
		steps += deciding + o.grid().points() + proving
	}
	return steps
}

// Steps of parts that are done at once.
const deciding, proving, drawing = 20, 20, 5

// decided is a reading's decision.
type decided struct {
	losses.Decision
	pairs   gmm.Pairs // as they were given to the loss
	effects []oracle.Effect
	against *comparison.CovarianceEffect // the shared-covariance answer, of a table with own covariances; else nil
}

// GatherOwn finds out what there is to say of a reader's mixture: verdicts and what is kept, points to see it by, where the verdict would be another one, proofs, and of a table
// projections compared. What would take longer than the limit allows is left out, with a sentence that says so. The report depends on the subject, the effort and the seed alone,
// but for the stamp and Own.Program.
//
// Where the mixture as it is cannot be decided, it fails as losses.Decide does. When ctx ends, so does GatherOwn, at once: it then returns the error of ctx together with what was done
// until then, Own.Complete being false.
func GatherOwn(ctx context.Context, s Subject, o OwnOptions) (Own, error) {
	start := time.Now()
	if o.Progress == nil {
		o.Progress = func(int) {}
	}
	own := s.introduced(o)
	var found []decided
	var ended error
	for _, reading := range s.readings() {
		var d decided
		if d, ended = s.decide(ctx, reading, o); ended != nil {
			break
		}
		o.Progress(deciding)
		own.Readings, found = append(own.Readings, s.read(reading, d)), append(found, d)
	}
	if len(found) > 1 {
		own.Differ = found[0].effects[0].WhyCentred()
	}
	if ended == nil {
		own.Scatter, ended = s.scatter(ctx, found[0], o.plenty())
		o.Progress(drawing)
	}
	if ended == nil && s.resamplable() {
		ended = s.resample(ctx, own.Readings, found, o)
	}
	if ended == nil && s.priced() {
		own.Price, ended = s.price(ctx, o)
	}
	for i := range found {
		if ended == nil {
			own.Readings[i].Proof, own.Readings[i].theorem, ended = s.prove(ctx, own.Readings[i].Reading, found[i], o)
			own.Readings[i].proved()
			o.Progress(proving)
		}
	}
	for i := range found {
		if ended == nil {
			own.Readings[i].Frontier, ended = s.sweep(ctx, own.Readings[i].Reading, found[i], o)
		}
	}
	if ended == nil && s.Table != nil {
		own.Compared, ended = s.compare(ctx, o)
	}
	if own.Complete = ended == nil; o.Stamp {
		own.Stamp = &Stamp{start.UTC().Format(time.RFC3339), Number(time.Since(start).Seconds()), max(o.Workers, 1)}
	}
	if ctx.Err() != nil {
		ended = fmt.Errorf("reports: ended early: %w", ctx.Err())
	}
	return own, ended
}

// readings are the words for those of the subject, the first as it is.
func (s Subject) readings() []string {
	switch {
	case s.Centred:
		return []string{"centred"}
	case s.Table == nil:
		return []string{"given"}
	case s.Loss.Differences(): // to which they are one
		return []string{"raw"}
	}
	return []string{"raw", "centred"}
}

// decide solves and judges a reading.
func (s Subject) decide(ctx context.Context, reading string, o OwnOptions) (decided, error) {
	p := s.Pairs
	if reading == "centred" && !s.Centred {
		var err error
		if p, err = p.Centre(); err != nil {
			return decided{}, err
		}
	}
	return workers.Await(ctx, func() (decided, error) {
		d, err := losses.Decide(ctx, s.Loss, p, o.deciding())
		if err != nil {
			return decided{}, err
		}
		found := decided{Decision: d, pairs: p, effects: d.Effects(s.Loss, o.deciding())}
		if s.Table == nil || s.Text != nil || !s.Loss.Oracle.Own(p) {
			return found, ctx.Err()
		}
		against, err := comparison.Covariances(ctx, s.Loss, d, found.effects[0], o.deciding(), s.Table, s.Lambdas)
		found.against = &against
		return found, cmp.Or(err, ctx.Err())
	})
}

// deciding are the options of a decision.
func (o OwnOptions) deciding() losses.Options {
	return losses.Options{Seed: o.Seed, Cores: max(o.Workers, 1), Limit: float64(o.Limit)}
}

// introduced says what is known of the subject before anything is computed.
func (s Subject) introduced(o OwnOptions) Own {
	own := Own{Schema: OwnSchema, Run: OwnRun{o.Seed, o.Effort.Name, s.Command}, Program: thisProgram(), Name: s.Pairs.Name(),
		Loss:  OwnLoss{s.Loss.Settings.Loss, s.Loss.Settings.Score, s.Loss.Settings.Negatives, s.Loss.Title, s.Loss.Subspace()},
		Delta: gmm.FormatNumber(s.Pairs.ExactDelta()), Classes: []Class{}, Notes: append([]string{}, s.Notes...), Equations: []Equation{}, Readings: []Reading{}}
	for _, m := range []*gmm.Mixture{s.Pairs.Left, s.Pairs.Right}[:s.Pairs.Modalities()] {
		own.Dimension = append(own.Dimension, m.Dimension())
	}
	samples := make([]int, s.Pairs.Components())
	if s.Table != nil {
		own.Samples = len(s.Table.Class)
		for _, k := range s.Table.Class {
			samples[k]++
		}
	} else {
		own.Equations = append(own.Equations, equationsOf(gmm.Document{Pairs: s.Pairs})...)
	}
	for k, w := range s.Pairs.Weights() {
		own.Classes = append(own.Classes, Class{s.class(k), Number(w), samples[k]})
	}
	return own
}

// class names a component.
func (s Subject) class(k int) string {
	if s.Table == nil {
		return fmt.Sprintf("component %d", k+1)
	}
	return s.Table.Classes[k]
}
