package losses

import (
	"cmp"
	"context"

	"contrastcheck/gmm"
	"contrastcheck/oracle"
	"contrastcheck/solver"

	"gonum.org/v1/gonum/mat"
)

// Options steer a decision as they steer its solve; Limit is that of the judgement, too.
type Options = solver.Options

// Decision is what was found of a loss and pairs: matrices, in which nothing is a verdict, and what is true.
type Decision struct {
	// Given are the pairs that were given, as the loss sees them. Pairs are those that Candidate and Findings are about: the same or, of own covariances, Given in the
	// coordinates of their envelope.
	Given, Pairs gmm.Pairs
	// Envelope is that of own covariances, which the loss depends on one by one: of distances the central subspace. nil where it was not asked for.
	Envelope  *gmm.Envelope
	Candidate solver.Candidate
	Findings  oracle.Findings
}

// Decide minimises a loss of pairs and judges what it found: whether Col(A*) lies in the Fisher subspace, and whether it is that. It
// refuses pairs that the loss does not admit. A context that ends, ends it before the solve or before the judgement; each of these has
// a limit on its work.
//
// What the method Factored finds is judged as a stationary point, not as a minimum, to which nothing ties it where it has fewer columns than a Fisher subspace
// has dimensions.
func Decide(ctx context.Context, l Loss, p gmm.Pairs, o Options) (Decision, error) {
	return new(Workspace).Decide(ctx, l, p, o)
}

// Workspace is memory that decisions use again, as solver.Workspace is for solves. The zero value is ready; it must not be shared by
// decisions made at the same time.
type Workspace struct{ solver solver.Workspace }

// Decide is the function Decide in the memory of ws.
func (ws *Workspace) Decide(ctx context.Context, l Loss, p gmm.Pairs, o Options) (d Decision, err error) {
	if err = l.Admit(p); err != nil {
		return d, err
	}
	if o.Method == solver.Factored {
		if err = l.Oracle.AdmitStationary(p); err != nil {
			return d, err
		}
	}
	if d.Given, err = l.Sees(p); err != nil {
		return d, err
	}
	if d.Pairs, d.Envelope, err = l.enveloped(d.Given, o); err != nil {
		return d, err
	}
	p = d.Pairs
	if err = ctx.Err(); err != nil {
		return d, err
	}
	if d.Candidate, err = ws.solver.Minimise(l.Solver, p, o); err != nil {
		return d, err
	}
	if d.inEnvelope() {
		d.Candidate.Method = solver.Reduced.String()
	}
	if err = ctx.Err(); err != nil {
		return d, err
	}
	if o.Method == solver.Factored {
		d.Findings, err = oracle.JudgeStationary(l.Oracle, p, d.Candidate.Constrained.Form, d.Candidate.Constrained.GradientNorm)
		return d, err
	}
	d.Findings = judging(o).Judge(l.Oracle, p, d.candidates())
	return d, nil
}

// judging is the oracle's share of a limit.
func judging(o Options) oracle.Limit { return oracle.Limit(cmp.Or(o.Limit, 1)) }

// candidates are what the oracle is given of what the solver found.
func (d Decision) candidates() oracle.Candidates {
	c := d.Candidate
	var linear []float64
	if shift := c.Free.Shift.Coefficients; shift != nil {
		linear = mat.Col(nil, 0, shift)
	}
	return oracle.Candidates{Linear: linear, Free: c.Free.Form, Constrained: c.Constrained.Form, Inside: c.Inside.Form,
		Claimed: c.Free.DistanceBound, ClaimedConstrained: c.Constrained.DistanceBound}
}

// Effects is what the representation that was found, of Rank columns, keeps of what separates the components: one for each modality, none where the matrix cannot be
// seen. The loss and the limit in options are those of the decision.
func (d Decision) Effects(l Loss, o Options) []oracle.Effect {
	return judging(o).Effects(l.Oracle, d.Pairs, d.candidates(), d.Rank(), d.Findings)
}

// Rank is the rank of M* that is certain: what the solver's own bound tells, or more where the oracle tells that M* spans a Fisher
// subspace.
func (d Decision) Rank() int {
	rank := d.Candidate.Constrained.Rank
	for _, s := range d.Findings.Sides {
		if s.Equality == oracle.Holds {
			rank = max(rank, s.Dimension)
		}
	}
	return rank
}
