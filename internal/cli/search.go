package cli

import (
	"cmp"
	"errors"
	"fmt"
	"iter"
	"os"
	"runtime"
	"strconv"
	"strings"
	"time"

	"contrastcheck/campaign"
	"contrastcheck/internal/answer"
	"contrastcheck/internal/files"
	"contrastcheck/search"
	"contrastcheck/theorems"
)

type searchCommand struct {
	chosen      `embed:""`
	queued      `embed:""`
	Claim       string  `arg:"" optional:"" help:"Id of a searchable claim; none with --refute and --list."`
	Refute      string  `placeholder:"PREDICATE" help:"Hunt a counterexample to this conjecture of your own instead, about mixtures of one shared covariance: 'rank(infonce) == rank(spectral)'."`
	Where       string  `placeholder:"PREDICATE" help:"Look at mixtures only of which this is certain: 'lightest >= 1/20 && separation <= 6'."`
	Delta       *string `placeholder:"NUMBER" help:"Look at this δ only: a decimal or a fraction in (0, 1]. Default: 1, or 1/2 where the claim is about δ < 1."`
	Components  string  `placeholder:"A:B" help:"Look at A to B components. Default: what suits the claim."`
	Dimension   string  `placeholder:"A:B" help:"Look at A to B dimensions. Default: what suits the claim."`
	Separation  *string `placeholder:"MAX" help:"Largest Mahalanobis distance between two means. Default: no limit."`
	constrained `embed:""`
	Objective   string         `placeholder:"simple|margin|balance" help:"The best counterexample is that of the smallest numbers, of the widest margin, or of the largest smallest weight. Default: simple."`
	List        string         `placeholder:"DIR/" help:"Rank the counterexamples of a folder, by margin and by size, instead of a hunt; --objective says in which order (margin)."`
	Budget      *time.Duration `xor:"budget" placeholder:"60s" help:"Time to hunt for; making simple comes on top. Default: 60s."`
	Evaluations *int           `xor:"budget" placeholder:"N" help:"Score at most N candidates instead; the result then depends on --seed alone."`
	Out         string         `placeholder:"FILE|DIR/" help:"Keep the simplest counterexample in a file, or, with a trailing slash or an existing folder, every distinct one in a folder."`
}

// Help is shown by contrastcheck search --help.
func (searchCommand) Help() string {
	return `Hunts a counterexample to a claim on all cores, makes it as simple as can be (fewer components and dimensions, Σ = I,
small weights and means), and prints it. What is printed has been certified by the oracle; a counterexample to equality in
at most two Fisher dimensions is proved, too, and carries its certificate, which recheck verifies.

Without --out, or with --out FILE, the hunt ends with the first few counterexamples, of which the simplest is
kept. With --out DIR/ it uses up its budget and keeps every one that is new up to relabelling, rotation and reflection (own covariances: as written);
a folder that holds some already is continued, and --list DIR/ ranks it.

--weights, --lightest, --near, --spherical, --centred, --integers and --where say what a counterexample must look like, exactly; making it simple keeps
them. With --objective margin or balance the hunt uses up its budget for the widest margin (of weights within 1:4000 and means within 40 standard deviations,
unless --separation says so), or the largest smallest weight; making that simple keeps 95 % of the margin, and all of the weight.

--refute hunts a counterexample to a conjecture of your own. A predicate compares (< <= > >= == !=, joined by && || !) numbers and
  lightest            the smallest weight, as a share
  components          K                               dimension  d
  separation          the largest Mahalanobis distance between two means
  delta               δ
  margin(LOSS)        the least eigenvalue of the whitened minimiser on the Fisher subspace
  rank(LOSS)          the rank of M*; kept(LOSS) of the directions of the Fisher subspace: the same
with + - * /. A loss is infonce, infonce-16 (negatives), distance-triplet and so on. A comparison holds or fails only beyond the errors of its quantities; what
is undecided counts neither as meeting --where nor as refuting, and a find has the grade of its weakest quantity.

network-relu-biased is open and hunted only: whether one tower of ReLU neurons with biases ever gains by reading noise. What is found there is no more than floating
point tells: a descent with noise that ends below the best that was found inside S_c, beyond the errors. None has been found.

With --loss and its like, equality, equality-centred and equality-biased are asked of another loss than InfoNCE.

Exit codes: 0 something was found; 2 the claim is not searchable, the limits are impossible, or --out can't be
written; 3 nothing was found; 4 what was found could not be kept. At the end of the budget what was found is made simple for
at most 20 s more. SIGINT and SIGTERM end the hunt at once: what was found until then is kept as it is.

Examples:
  contrastcheck search equality
  contrastcheck search equality-centred --delta 1 --out rare.json
  contrastcheck search equality-centred --loss triplet
  contrastcheck search equality --lightest 2/5 --integers 2
  contrastcheck search equality-centred --objective margin --budget 60s
  contrastcheck search equality --where 'separation <= 4 && margin(dv) > 0'
  contrastcheck search --refute 'rank(infonce) == rank(spectral)' --centred
  contrastcheck search network-relu-biased --budget 5m
  contrastcheck search equality-biased --delta 1/5 --components 3:4 --budget 5m --out corpus/
  contrastcheck search --list corpus/`
}

// defaultBudget is --budget where neither it nor --evaluations is given.
const defaultBudget = time.Minute

// errNotKept ends a command whose output stands with exitOutput.
var errNotKept = errors.New("the output shows what was found, but it could not be kept")

// Run executes the command.
func (c *searchCommand) Run(s *session) error {
	if c.List != "" {
		if s.Format == "latex" {
			return errNotTypeset
		}
		return c.list(s)
	}
	claim, loss, err := c.claim()
	if err != nil {
		return err
	}
	o, err := c.options(s)
	if err != nil {
		return err
	}
	const unknown = -1
	bar := s.progress(cmp.Or(o.Evaluations, unknown), "candidates")
	o.Progress = func(t search.Tried) { _ = bar.Set(t.Evaluations) }
	found, err := c.hunt(s, claim, o)
	_ = bar.Finish()
	if c.Refute == "" && claim.ID != c.Claim {
		names := answer.NamesOf(loss)
		found.lossNames = &names
	}
	switch {
	case errors.Is(err, search.ErrNotSearchable):
		return claim.Searchable()
	case errors.Is(err, search.ErrNothingFound) && (s.Format == "json" || s.Format == notebook):
		found.tried(err)
	case err != nil && !errors.Is(err, errNotKept):
		return err
	}
	return errors.Join(s.print(found), err)
}

// hunt keeps what it finds where --out says.
func (c *searchCommand) hunt(s *session, claim theorems.Claim, o search.Options) (hunted, error) {
	found := hunted{Claim: claim.ID, Statement: claim.Statement, claim: claim, base: c.Claim, loss: c.chosen, by: o.Objective, Where: c.Where, Found: []findOutput{}}
	if c.folder() {
		return found, c.fill(s, claim, o, &found)
	}
	if c.Out != "" {
		if err := files.Writable(c.Out); err != nil {
			return found, err
		}
	}
	f, err := c.best(s, claim, o)
	if err != nil {
		return found, err
	}
	found.add(f, c.Out, true)
	if c.Out != "" {
		if err := files.Write(c.Out, f.Write); err != nil {
			found.Found[0].File = ""
			return found, fmt.Errorf("%w: %w", errNotKept, err)
		}
	}
	return found, nil
}

// fill adds to a corpus until the hunt ends.
func (c *searchCommand) fill(s *session, claim theorems.Claim, o search.Options, found *hunted) error {
	var tried search.Tried
	progress := o.Progress
	o.Progress = func(t search.Tried) {
		tried = t
		progress(t)
	}
	finds, failed, err := c.all(s, claim, o)
	if err != nil {
		return err
	}
	corpus, err := search.OpenCorpus(c.Out)
	if err != nil {
		return err
	}
	for f := range finds {
		f, path, added, err := corpus.Add(s.context(), claim, f)
		if err != nil {
			found.add(f, "", true)
			return fmt.Errorf("%w: %w", errNotKept, err)
		}
		found.add(f, path, added)
	}
	if err := failed(); err != nil {
		return err
	}
	found.folder, found.inFolder = c.Out, corpus.Len()
	if found.finds == 0 {
		return search.NothingFound{Tried: tried}
	}
	return nil
}

// best is the counterexample of a hunt: one of a number of candidates is shared out, one of a time is not.
func (c *searchCommand) best(s *session, claim theorems.Claim, o search.Options) (search.Find, error) {
	if o.Evaluations > 0 {
		return campaign.Hunt(s.context(), s.runner(), c.question(), o)
	}
	return search.Hunt(s.context(), claim, o)
}

// all are those of a hunt, likewise. What went wrong beside them, failed tells after the last.
func (c *searchCommand) all(s *session, claim theorems.Claim, o search.Options) (finds iter.Seq[search.Find], failed func() error, err error) {
	if o.Evaluations > 0 {
		return campaign.All(s.context(), s.runner(), c.question(), o)
	}
	finds, err = search.All(s.context(), claim, o)
	return finds, func() error { return nil }, err
}

// question is whose counterexamples are hunted.
func (c *searchCommand) question() campaign.Question {
	return campaign.Question{Claim: c.Claim, Loss: c.settings()}
}

// folder tells whether --out names a corpus.
func (c *searchCommand) folder() bool {
	if strings.HasSuffix(c.Out, "/") || strings.HasSuffix(c.Out, string(os.PathSeparator)) {
		return true
	}
	there, err := os.Stat(c.Out)
	return c.Out != "" && err == nil && there.IsDir()
}

// options reads the flags.
func (c *searchCommand) options(s *session) (o search.Options, err error) {
	o = search.Options{Seed: s.Seed, Workers: runtime.GOMAXPROCS(0)}
	if o.Delta, err = (input{Delta: c.Delta}).delta(); err != nil {
		return o, err
	}
	if o.Components, err = readRange("--components", c.Components); err != nil {
		return o, err
	}
	if o.Dimension, err = readRange("--dimension", c.Dimension); err != nil {
		return o, err
	}
	if o.Separation, err = positiveNumber("--separation", c.Separation); err != nil {
		return o, err
	}
	if o.Objective, err = search.ParseObjective(cmp.Or(c.Objective, search.Simple.String())); err != nil {
		return o, fmt.Errorf("--objective: %w", err)
	}
	if err = c.constrain(s, &o.Limits); err != nil {
		return o, err
	}
	if err = c.predicates(&o.Limits); err != nil {
		return o, err
	}
	switch {
	case c.Queue != "" && c.Evaluations == nil:
		return o, errNoShards
	case c.Budget != nil:
		if o.Budget = *c.Budget; o.Budget <= 0 {
			return o, fmt.Errorf("--budget: expected a positive time, found %v", o.Budget)
		}
	case c.Evaluations == nil:
		o.Budget = defaultBudget
	default:
		if o.Evaluations = *c.Evaluations; o.Evaluations < 1 {
			return o, fmt.Errorf("--evaluations: expected a positive number, found %d", o.Evaluations)
		}
	}
	return o, nil
}

// readRange reads "a:b", or "a" for "a:a"; "" is the zero Range.
func readRange(flag, text string) (theorems.Range, error) {
	if text == "" {
		return theorems.Range{}, nil
	}
	first, last, two := strings.Cut(text, ":")
	if !two {
		last = first
	}
	least, err := strconv.Atoi(first)
	most, err2 := strconv.Atoi(last)
	if err != nil || err2 != nil || least < 1 || most < least {
		return theorems.Range{}, fmt.Errorf("%s: expected a range A:B of whole numbers, 1 ≤ A ≤ B, found %q", flag, text)
	}
	return theorems.Range{Least: least, Most: most}, nil
}
