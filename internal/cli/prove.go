package cli

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"contrastcheck/gmm"
	"contrastcheck/internal/answer"
	"contrastcheck/internal/files"
	"contrastcheck/internal/words"
	"contrastcheck/oracle/proof"
	"contrastcheck/theorems/proofs"
)

type proveCommand struct {
	input     `embed:""`
	chosen    `embed:""`
	networked `embed:""`
	noisy     `embed:""`
	boxed     `embed:""`
	Out       string `placeholder:"CERT" help:"Keep the proof as a certificate file, which recheck verifies."`
}

// Help is shown by contrastcheck prove --help.
func (proveCommand) Help() string {
	return `Proves that equality, Col(A*) = S_F, holds or fails for the InfoNCE loss of a mixture with a shared covariance, at every
number of columns r ≥ dim S_F. Weights, means, covariance and δ are taken exactly as the file writes them; the gradient
at a dyadic matrix near the minimiser is enclosed by interval arithmetic, and the sign is decided in exact rationals. No
conclusion rests on floating point. See docs/certificates.md for what is proved, and how to check it without this program.

--loss, --score, --negatives and --bias choose another loss: infonce with 1 negative, which is triplet; sigmoid with negatives of any
weight and a bias that is free or a number; dv; spectral and agreement, which take components with covariances of their own, too; and
infonce with --score distance, of which the centred Fisher subspace S_c takes the place of S_F. The certificate names the loss.

Of a mixture whose components have their own covariances it proves containment, Col(A*) ⊆ S_F, for the InfoNCE loss: that it holds, where
every covariance keeps S_F, or that it is refuted, for S_F of one or two dimensions in a space of any, with an interval for the first-order
condition that the best matrix inside S_F violates.

--map affine proves of representations Aᵀx + b, and the centred Fisher subspace S_c, that equality holds; that it is refuted, of mixtures that are their own mirror
images about their mean; or that no affine minimiser exists, as the best bias is infinite. Two components always keep S_c.

--map network --activation sign|relu --no-biases proves, of means on a line through 0, that containment fails of networks without biases: one network that reads noise
has a lower loss than every network, of any width and depth, that sees S_F alone; --width bounds its neurons. Both bounds are sums of values of Φ,
in intervals; where they do not meet, nothing is proved.

--score cosine --temperature T proves, of means on a line through 0, that containment fails of representations of length 1, f(x) = Aᵀx/‖Aᵀx‖: in whitened coordinates diag(1, ε), which reads a
coordinate of noise, has a lower InfoNCE loss than every A with columns in S_F, whose loss is one number. --noise chooses ε.

--box 'weight[1] in [1/500, 1/432], delta in [9/10, 1]' proves one of the two for every mixture in which these numbers are from these intervals: weight[k], mean[k][i], covariance[i][j] and
delta, indices from 1; weights that are not named keep their proportions, and with --centre every mixture's mean is subtracted. The box is cut into pieces until each is proved, at a matrix that is affine in the
numbers; its certificate lists them, and recheck encloses all of it anew.

It prints "proved: equality holds" or "proved: equality refuted" and the margin, "proved: containment …", "proved: no affine minimiser exists", or "not proved". Two cases with no margin
are proved without one: coincident means or δ = 0, and two equally likely means of equal norm. With a Fisher subspace
of one or two dimensions a proof takes seconds, with three it may take minutes. Where it would take more evaluations than are
allowed it says how many; --limit N allows N times as many.

--format coq writes a refutation of two components in the plane with Σ = I as a file of Coq, which formal/check compiles.

Exit codes: 0 proved; 2 bad input, or --out can't be written; 3 not proved, or interrupted; 4 the certificate could not be
kept. SIGINT and SIGTERM end the attempt.

Examples:
  contrastcheck prove testdata/two-points.json --out certificate.json
  contrastcheck prove --data testdata/iris.csv --label species --centre
  contrastcheck prove testdata/two-points.json --loss sigmoid --negatives 4
  contrastcheck prove testdata/rare-outlier.json --map affine
  contrastcheck prove testdata/line.json --map network --activation relu --no-biases
  contrastcheck prove testdata/line.json --score cosine --temperature 1/2
  contrastcheck prove testdata/rare-outlier.json --centre --box 'weight[1] in [1/500, 1/432], delta in [9/10, 1]'
  echo '{"weights": [1, 3], "means": [[2, 0], [0, 1]], "covariance": "identity"}' | contrastcheck prove -`
}

// Errors that end a command whose output stands.
var (
	errNotProved = errors.New("not proved")
	errRefused   = errors.New("the certificate is refused")
)

// Run executes the command.
func (c *proveCommand) Run(s *session) error {
	temperature, noise, err := c.cosines()
	if err != nil {
		return err
	}
	var loss proof.Loss
	prover := c.proveCosine(temperature, noise)
	if temperature == nil {
		if loss, err = c.provable(); err != nil {
			return err
		}
		if prover, err = c.prover(loss); err != nil {
			return err
		}
	}
	if c.Box != "" {
		if prover, err = c.proveBox(loss); err != nil {
			return err
		}
	}
	c.Exact = true
	d, err := c.document(s)
	if err != nil {
		return err
	}
	if temperature == nil && c.Map != networks && !proof.OfContainment(loss, d.Pairs) && loss.Admit(d.Pairs) != nil {
		return fmt.Errorf("%s: expected %v, found %v", c.source(), loss.Model(), d.Pairs.Model())
	}
	if c.Out != "" {
		if err := files.Writable(c.Out); err != nil {
			return fmt.Errorf("--out: %w", err)
		}
	}
	start := time.Now()
	found, err := await(s, "proving", func() (proved, error) { return prove(prover, d.Pairs, c.proving()) })
	report := proofReport{answer.NewProof(loss, d.Pairs, found.certificate.Claim, found.theorem), found}
	switch {
	case c.Map == networks:
		report.Proof = report.OfNetworks(c.activation(), found.theorem.Comparison)
	case temperature != nil:
		report.Proof = report.OfCosines(temperature, found.certificate.Cosine, found.theorem)
	case c.Box != "":
		report.Proof = report.OfBox(found.certificate.Region, found.theorem.Box)
	}
	report.Seconds = time.Since(start).Seconds()
	var tooLarge *gmm.InputError
	switch {
	case errors.As(err, &tooLarge) && tooLarge.Reason == gmm.ErrCost: // found before the work
		return inFile(c.source(), err)
	case errors.Is(err, proof.ErrNotProved), errors.Is(err, errInterrupted):
		report.Reason = words.Sentence(err)
		if s.Format == "latex" || s.Format == "coq" {
			return fmt.Errorf("%w: %s", errNotProved, strings.TrimPrefix(report.Reason, "not proved: "))
		}
		return errors.Join(s.print(report), errNotProved)
	case err != nil:
		return inFile(c.source(), err)
	}
	if c.Out != "" {
		if err = files.Write(c.Out, found.certificate.Write); err != nil {
			err = fmt.Errorf("%w: %w", errNotKept, err)
		} else {
			report.File = c.Out
		}
	}
	return errors.Join(s.print(report), err)
}

// proved is a certificate with what it proves.
type proved struct {
	certificate proof.Certificate
	theorem     proof.Theorem
}

// prove finds a certificate and has the checker accept it.
func prove(prover func(gmm.Pairs) (proof.Certificate, error), p gmm.Pairs, limit proof.Limit) (r proved, err error) {
	if r.certificate, err = prover(p); err != nil {
		return r, err
	}
	r.theorem, err = proofs.Check(r.certificate, limit)
	return r, err
}

// await waits for work, with a sign of life on a terminal, until a signal ends it: then its error
// is errInterrupted, and the work is abandoned.
func await[T any](s *session, what string, work func() (T, error)) (none T, err error) {
	ctx, done := s.context(), make(chan func() (T, error), 1)
	go func() {
		value, err := work()
		done <- func() (T, error) { return value, err }
	}()
	const unknown = -1
	bar := s.progress(unknown, what)
	defer func() { _ = bar.Finish() }()
	tick := time.NewTicker(200 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case found := <-done:
			if ctx.Err() != nil {
				return none, errInterrupted
			}
			return found()
		case <-tick.C:
			_ = bar.Add(1)
		case <-ctx.Done():
			return none, errInterrupted
		}
	}
}
