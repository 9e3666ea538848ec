package cli

import (
	"errors"
	"fmt"
	"strings"

	"contrastcheck/gmm"
	"contrastcheck/losses"
	"contrastcheck/oracle/proof"
	"contrastcheck/oracle/proof/network"
	"contrastcheck/theorems/proofs"
)

// networked are the flags of --map network: one hidden layer.
type networked struct {
	Activation string `placeholder:"NAME" help:"Of a network: the hidden neurons' activation: ${activations}; of prove sign or relu. Default: relu."`
	Width      int    `placeholder:"H" help:"Of a network: its hidden neurons. Default: 2; of prove the most that the one that reads noise has, by default as many as it takes."`
	NoBiases   bool   `help:"Of a network: no biases; of prove, of sign in the first layer, of relu in either."`
}

// networks is the map of networks.
const networks = losses.Networks

// check refuses flags that do not go together with a map, or that there are no proofs of.
func (m networked) check(of string) error {
	switch {
	case of != networks:
		return m.misplaced()
	case m.activation() != network.Sign && m.activation() != network.ReLU:
		return fmt.Errorf("--activation: expected sign or relu, of which there are proofs, found %s", m.Activation)
	case !m.NoBiases:
		return errors.New("--map network needs --no-biases: there are proofs about networks without biases only")
	case m.Width < 0:
		return fmt.Errorf("--width: expected a number of neurons, found %d", m.Width)
	}
	return nil
}

// ofNetworks tells whether the flags choose networks.
func (c chosen) ofNetworks() bool { return strings.EqualFold(c.Map, networks) }

// network is the loss of networks that the flags choose.
func (m networked) network(c chosen) (losses.Network, error) {
	return losses.ChooseNetwork(c.settings(), m.Activation, m.Width, !m.NoBiases)
}

// misplaced refuses flags of networks with another map.
func (m networked) misplaced() error {
	if m != (networked{}) {
		return errors.New("--activation, --width and --no-biases go with --map network")
	}
	return nil
}

// activation is that of the flags.
func (m networked) activation() network.Activation {
	if m.Activation == "" {
		return network.ReLU
	}
	return network.Activation(strings.ToLower(m.Activation))
}

// prover returns what proves something of pairs with a loss and the map of the flags.
func (c *proveCommand) prover(loss proof.Loss) (func(gmm.Pairs) (proof.Certificate, error), error) {
	if err := c.networked.check(c.Map); err != nil {
		return nil, err
	}
	if c.Map != networks {
		return func(p gmm.Pairs) (proof.Certificate, error) { return proofs.Prove(loss, p, c.proving()) }, nil
	}
	if words := loss.Words(); words != proof.InfoNCE.Words() {
		return nil, fmt.Errorf("--map network goes with --loss infonce, dot products and infinitely many negatives; found %s", words)
	}
	return func(p gmm.Pairs) (proof.Certificate, error) {
		return proofs.ProveNetwork(p, c.activation(), c.Width, c.proving())
	}, nil
}
