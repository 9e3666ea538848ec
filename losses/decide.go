package losses

import (
	"context"

	"contrastcheck/gmm"
	"contrastcheck/oracle"
	"contrastcheck/solver"
)

// Options steer a decision as they steer its solve; Limit is that of the judgement, too.
type Options = solver.Options

// Decision is what was found of a loss and pairs: matrices, in which nothing is a verdict, and what is true.
type Decision struct {
	// Pairs are those that were given, as the loss sees them.
	Pairs     gmm.Pairs
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
	if d.Pairs, err = l.Sees(p); err != nil {
		return d, err
	}
	p = d.Pairs
	if err = ctx.Err(); err != nil {
		return d, err
	}
	if d.Candidate, err = ws.solver.Minimise(l.Solver, p, o); err != nil {
		return d, err
	}
	if err = ctx.Err(); err != nil {
		return d, err
	}
	if o.Method == solver.Factored {
		d.Findings, err = oracle.JudgeStationary(l.Oracle, p, d.Candidate.Constrained.Form, d.Candidate.Constrained.GradientNorm)
		return d, err
	}
	limit := oracle.Limit(o.Limit)
	if limit == 0 {
		limit = 1
	}
	c := d.Candidate
	d.Findings = limit.Judge(l.Oracle, p, oracle.Candidates{Free: c.Free.Form, Constrained: c.Constrained.Form, Inside: c.Inside.Form, Claimed: c.Free.DistanceBound, ClaimedConstrained: c.Constrained.DistanceBound})
	return d, nil
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
