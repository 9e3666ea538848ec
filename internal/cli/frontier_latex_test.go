package cli_test

import (
	"os/exec"
	"testing"
)

// The pictures are ones that LaTeX sets without a complaint, whatever the mixture is called.
func TestFrontierLaTeXCompiles(t *testing.T) {
	if exec.Command("kpsewhich", "pgfplots.sty").Run() != nil {
		t.Skip("there is no pgfplots (Debian: texlive-pictures)")
	}
	const frontier = "frontier --family - "
	typeset(t, `\usepackage{pgfplots}\pgfplotsset{compat=1.16}`, frontier+"--axis separation=1/2:2:4 --refine 1/10", frontier+"--axis covariance[1][2]=0:1/2:2 --axis mean[2][1]=0:1:2",
		frontier+"--axis separation=1/2:2:2 --axis negatives=1:4:3 --refine 1/2", frontier+"--axis delta=1/4:1:2 --claim svd-shared", frontier+"--axis separation=0:0:1")
}
