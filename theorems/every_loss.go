package theorems

import (
	"context"

	"contrastcheck/gmm"
	"contrastcheck/losses"
	"contrastcheck/oracle"

	"gonum.org/v1/gonum/mat"
	"pgregory.net/rapid"
)

// OfEvery are the claims that are made of every loss, about this one with its parameters, or with those that its kind is tested with where they are the standard
// ones: that its closed form is its definition, that it is convex in M, and that its minimiser and every stationary point lie in the Fisher subspace; those that it has under other names are left out.
func OfEvery(l losses.Loss) []Claim {
	switch l.Name() {
	case losses.InfoNCE.Name():
		return nil
	case losses.CLIP.Name():
		return []Claim{convexityOf(l).paired(), stationarityOf(l).paired()}
	}
	all := []Claim{definitionOf(l), convexityOf(l), containmentOf(l), stationarityOf(l)}
	for i, c := range all {
		if l.Costly {
			all[i] = c.planar()
		}
	}
	return all
}

func everyLoss() []Claim {
	var out []Claim
	for _, l := range losses.All() {
		out = append(out, OfEvery(l)...)
	}
	return out
}

// planar draws the claim's cases in the plane or on a line, representations with one column.
func (c Claim) planar() Claim {
	c.Drawn += ", in at most two dimensions, A a vector"
	c.Subject = c.Subject.about(small)
	if complete := c.Subject.Complete; complete != nil {
		c.Subject.Complete = encodedTwice(1)
	}
	vector := func(a *mat.Dense) *mat.Dense {
		if a == nil {
			return nil
		}
		rows, _ := a.Dims()
		return mat.DenseCopyOf(a.Slice(0, rows, 0, 1))
	}
	inPlane := c.Draw.Filter(func(on Case) bool { return on.Pairs.Left.Dimension() <= 2 })
	c.Draw = rapid.Map(inPlane, func(on Case) Case {
		on.A, on.Other = vector(on.A), vector(on.Other)
		return on
	})
	return c
}

// paired draws the claim's cases from two modalities.
func (c Claim) paired() Claim {
	c.Hypotheses, c.Drawn, c.Draw, c.Subject = clipDefinition.Hypotheses, clipDefinition.Drawn, clipDefinition.Draw, clipDefinition.Subject
	return c
}

// of makes a claim about InfoNCE one about another loss, with parameters that the case's seed chooses.
func (c Claim) of(l losses.Loss, kind, statement string, check func(losses.Loss) func(Case) Outcome) Claim {
	c.ID, c.Statement = l.Name()+"-"+kind, statement
	c.Subject.Law = SharedLaw
	c.Subject = c.Subject.about(l.Admit)
	c.Check = func(on Case) Outcome {
		of := l.Other(on.Seed)
		var err error
		if on.Pairs, err = of.Sees(on.Pairs); err != nil {
			return undecided(err)
		}
		if on.A, err = within(of, on.Pairs, on.A); err != nil {
			return undecided(err)
		}
		if on.Other, err = within(of, on.Pairs, on.Other); err != nil {
			return undecided(err)
		}
		o := check(of)(on)
		if of.Settings != l.Settings {
			o.Detail = of.Title + ": " + o.Detail
		}
		return o
	}
	c.Source, c.Stance = "holds for every convex loss of scores; the loss: "+l.Source, Ours
	return c
}

// within halves a representation until the loss is finite at 4AAᵀ, too: what is sampled then has four moments, and steps from AAᵀ stay in the domain.
func within(l losses.Loss, p gmm.Pairs, a *mat.Dense) (*mat.Dense, error) {
	if a == nil || p.Modalities() == 2 {
		return a, nil
	}
	wide := new(mat.Dense)
	for wide.Scale(2, a); ; wide.Scale(0.5, wide) {
		switch inside, err := oracle.Finite(l.Oracle, p, oracle.Encoders{Left: wide}); {
		case err != nil:
			return nil, err
		case inside:
			out := new(mat.Dense)
			out.Scale(0.5, wide)
			return out, nil
		}
	}
}

func definitionOf(l losses.Loss) Claim {
	return infonceDefinition.of(l, "definition", "The closed form of the "+l.Title+" equals its definition, estimated by sampling pairs and negatives", checkDefinition)
}

func convexityOf(l losses.Loss) Claim {
	return convexity.of(l, "convexity", "The "+l.Title+" is convex in M along random lines, and D²f agrees with differences of ∇f", checkConvexity)
}

func containmentOf(l losses.Loss) Claim {
	return containment.of(l, "containment", "The "+l.Title+" with r ≥ K columns: Col(A*) ⊆ "+l.Subspace()+" (blind solve)", checkContainment)
}

func stationarityOf(l losses.Loss) Claim {
	return stationarity.of(l, "stationarity", "The "+l.Title+": ⟨∇L(A), QA⟩ ≥ 0 at every A, δ, r: stationary points lie in "+l.Subspace(), checkStationarity)
}

// decide solves and judges.
func decide(l losses.Loss, p gmm.Pairs, o losses.Options) (losses.Decision, error) {
	return losses.Decide(context.Background(), l, p, o)
}
