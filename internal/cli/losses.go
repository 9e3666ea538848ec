package cli

import (
	"errors"
	"fmt"
	"runtime"

	"contrastcheck/atlas"
	"contrastcheck/atlas/mixtures"
	"contrastcheck/gmm"
	"contrastcheck/internal/answer"
	"contrastcheck/losses"
	"contrastcheck/price"
)

type lossesCommand struct {
	input  `embed:""`
	chosen `embed:""`
	Cases  int `default:"5" placeholder:"N" help:"Without a file: random mixtures a cell, besides the stored counterexamples."`
}

// Help is shown by contrastcheck losses --help.
func (lossesCommand) Help() string {
	return `Without a file, the atlas: what is true of each loss and score on all mixtures, every cell computed.

  containment  Col(A*) lies in the Fisher subspace S_F; of distances in the centred one, S_c
  raw          Col(A*) is all of it, at δ = 1, whatever the mean
  centred      the same where the mean is 0
  biased       the same where the mean is 0 and pairs share their component with a probability δ < 1 only
  own          the same where each component has a covariance of its own
  seconds      what a solve with its verdict took of a rare outlier, three components in the plane

"refuted" is a certified counterexample; "holds" a theorem, with which every mixture that was tried agrees; "undecided" neither.

With a mixture file or a table, how many directions each loss keeps of it, loses, and leaves undecided; the smallest eigenvalue of the
optimal M on the subspace, with its bound; and what follows from that. Where components have their own covariances, whether Col(A*) lies in the
subspace, the margin by which a condition of optimality refutes that, and the dimension of what holds Col(A*) by theorem: the envelope E, of
distances the central subspace.

Any of --loss, --score, --map, --negatives, --bias and --margin leaves that loss alone. --score cosine, of a mixture, tells of embeddings of length 1: how far the best that was
found is below the best inside S_F, and how much noise it reads.

With a mixture file or a table, --map all compares maps by the InfoNCE loss: linear and affine ones, nets of one and two smooth neurons, the best
shared encoder of any kind, and the best two encoders, whose loss is −I(x; x̂), with the share of that information that each keeps.

Examples:
  contrastcheck losses
  contrastcheck losses --loss sigmoid --negatives 16
  contrastcheck losses testdata/two-points.json
  contrastcheck losses testdata/two-points.json --map all
  contrastcheck losses testdata/line.json --score cosine --temperature 1/2
  contrastcheck losses --data testdata/iris.csv --label species --centre`
}

// Run executes the command.
func (c *lossesCommand) Run(s *session) error {
	every, err := c.everyMap()
	switch {
	case err != nil:
		return err
	case c.cosines():
		return c.ofCosines(s)
	case c.File != "" || c.Data != "":
		return c.mixture(s, every)
	case c.Label != "" || c.Shrinkage != nil || c.Centre || c.Delta != nil:
		return errors.New("--label, --shrinkage, --centre and --delta go with a mixture file or --data")
	case c.Cases < 1 || c.Cases > mostCases:
		return fmt.Errorf("--cases: expected a number from 1 to %d, found %d", mostCases, c.Cases)
	}
	of, err := c.of(losses.All())
	if err != nil {
		return err
	}
	bar := s.progress(atlas.Cells(of), "judging")
	entries, err := atlas.Of(s.context(), of, atlas.Options{Cases: c.Cases, Seed: s.Seed, Workers: runtime.GOMAXPROCS(0), Progress: func() { _ = bar.Add(1) }})
	_ = bar.Finish()
	if err != nil {
		return errInterrupted
	}
	return s.print(newAtlas(entries))
}

// of are the losses: all of them, or the one that flags choose.
func (c *lossesCommand) of(all []losses.Loss) ([]losses.Loss, error) {
	if c.standard() {
		return all, nil
	}
	l, err := c.loss()
	return []losses.Loss{l}, err
}

// mixture judges every loss, or the InfoNCE loss of every map, on what the flags name.
func (c *lossesCommand) mixture(s *session, everyMap bool) error {
	d, err := c.document(s)
	if err != nil {
		return err
	}
	if everyMap {
		return c.maps(s, d.Pairs)
	}
	of, err := c.of(mixtures.Usual())
	if err != nil {
		return err
	}
	if err := of[0].Admit(d.Pairs); err != nil && len(of) == 1 {
		return inFile(c.source(), c.advised(err))
	}
	kept, err := solving(s, func() ([]mixtures.Kept, error) {
		return mixtures.Of(s.context(), d.Pairs, losses.Options{Limit: float64(c.Limit)}, runtime.GOMAXPROCS(0), of)
	})
	if err != nil {
		return err
	}
	return s.print(newLossesOf(d.Pairs, kept))
}

// atlasEntry is a loss in the atlas, with the keys of its JSON form.
type atlasEntry struct {
	lossNames
	Containment string            `json:"containment"`
	Convexity   string            `json:"convexity"`
	Equality    equalities        `json:"equality"`
	Seconds     number            `json:"seconds"`
	Evidence    map[string]string `json:"evidence"`

	entry atlas.Entry
}

// equalities are verdicts on equality; "" where the loss is not judged.
type equalities struct {
	Raw     string `json:"raw,omitempty"`
	Centred string `json:"centred,omitempty"`
	Biased  string `json:"biased,omitempty"`
	Own     string `json:"own,omitempty"`
}

type atlasOutput []atlasEntry

func newAtlas(entries []atlas.Entry) atlasOutput {
	var out atlasOutput
	word := func(c atlas.Cell) string {
		if !c.Served {
			return ""
		}
		return c.Verdict.String()
	}
	for _, e := range entries {
		a := atlasEntry{lossNames: answer.NamesOf(e.Loss), Containment: word(e.Containment), Convexity: word(e.Convexity), Seconds: number(e.Seconds), entry: e,
			Equality: equalities{word(e.Raw), word(e.Centred), word(e.Biased), word(e.Own)}, Evidence: map[string]string{}}
		for _, c := range e.Cells() {
			if c.Cell.Served {
				a.Evidence[c.Name] = c.Cell.Evidence
			}
		}
		out = append(out, a)
	}
	return out
}

// lossesOf is the output for a mixture: a list in JSON.
type lossesOf struct {
	kept  []mixtures.Kept
	pairs gmm.Pairs
	name  string
	price *price.Price // with --map all
}
