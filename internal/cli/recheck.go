package cli

import (
	"errors"
	"fmt"
	"time"

	"contrastcheck/gmm"
	"contrastcheck/internal/answer"
	"contrastcheck/oracle/proof"
	"contrastcheck/theorems/proofs"
)

type recheckCommand struct {
	limited   `embed:""`
	reference `embed:""`
	File      string `arg:"" name:"cert" help:"Certificate (JSON); - reads standard input."`
}

// Help is shown by contrastcheck recheck --help.
func (recheckCommand) Help() string {
	return `Verifies a certificate that prove, search or verify wrote. Nothing in the file is believed: the gradient is enclosed anew
from the mixture's definition, the sign is decided anew in exact rationals, and the certificate is accepted only if
what they prove is the claim that is written in it. --against MIXTURE, or --data TABLE with the flags of prove, names your own copy of the mixture: a certificate
that proves the theorem of another one is refused, too. See docs/certificates.md. A certificate that would take more than about a
minute or 4 GB is neither accepted nor refused: --limit N allows N times as much.

Exit codes: 0 accepted; 1 refused; 2 the file is no certificate, or too much work; 3 interrupted.

Examples:
  contrastcheck prove testdata/two-points.json --out certificate.json
  contrastcheck recheck certificate.json --against testdata/two-points.json`
}

// Run executes the command.
func (c *recheckCommand) Run(s *session) error {
	certificate, err := readFrom(c.File, s.stdin, c.proving().Read)
	if err != nil {
		return err
	}
	own, source, compared, err := c.reference.pairs(s, c.limited)
	if err != nil {
		return err
	}
	if compared {
		if err := about(certificate, own, source); err != nil {
			return fmt.Errorf("%s: %w: %w", sourceName(c.File), errRefused, err)
		}
	}
	start := time.Now()
	theorem, err := await(s, "checking", func() (proof.Theorem, error) { return proofs.Check(certificate, c.proving()) })
	switch {
	case errors.Is(err, errInterrupted):
		return err
	case errors.Is(err, gmm.ErrCost):
		return inFile(sourceName(c.File), err)
	case err != nil:
		return fmt.Errorf("%s: %w: %w", sourceName(c.File), errRefused, err)
	}
	report := proofReport{answer.Checked(certificate, theorem), proved{certificate, theorem}}
	report.Seconds = time.Since(start).Seconds()
	return s.print(report)
}
