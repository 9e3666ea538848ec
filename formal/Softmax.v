(* The log-sum-exp of two logits: its tangents, and convexity. *)
From Coq Require Import Reals Lra Psatz.
From Coquelicot Require Import Rcomplements.
From Contrast Require Import Plane Moderate.
Open Scope R_scope.

Definition lse (a b s t : R) := ln (a * exp s + b * exp t).

Lemma lse_split a b s t : 0 < a -> 0 < b -> lse a b s t = t + ln (a * exp (s - t) + b).
Proof.
  intros Ha Hb. unfold lse.
  replace (a * exp s + b * exp t) with (exp t * (a * exp (s - t) + b)).
  - pose proof (exp_pos (s - t)). rewrite ln_mult, ln_exp; [reflexivity|apply exp_pos|nra].
  - replace (exp s) with (exp t * exp (s - t)) by (rewrite <- exp_plus; f_equal; ring). ring.
Qed.

(* Below the log-sum-exp at (s', t') lies its tangent at (s, t), whose slopes are the probabilities. *)
Lemma lse_tangent a b s t s' t' : 0 < a -> 0 < b ->
  lse a b s t + (t' - t) + sigma (b / a) (s - t) * ((s' - t') - (s - t)) <= lse a b s' t'.
Proof.
  intros Ha Hb. rewrite !lse_split by assumption.
  set (d := s - t). set (d' := s' - t'). set (p := sigma (b / a) d).
  assert (Ep : p = a * exp d / (a * exp d + b)).
  { unfold p, sigma. rewrite exp_Ropp. pose proof (exp_pos d). field. repeat split; try lra; nra. }
  pose proof (exp_pos d) as P. pose proof (exp_pos d') as P'.
  assert (S : 0 < a * exp d + b) by nra.
  cut (ln ((a * exp d + b) * exp (p * (d' - d))) <= ln (a * exp d' + b)).
  { rewrite ln_mult, ln_exp; [lra|exact S|apply exp_pos]. }
  apply ln_le; [apply Rmult_lt_0_compat; [exact S|apply exp_pos]|].
  (* e^d' >= e^(d+m) (1 + d' - d - m) and 1 >= e^m (1 - m), with m = p (d' - d). *)
  set (m := p * (d' - d)).
  assert (I1 : exp d * exp m * (1 + (d' - d - m)) <= exp d').
  { replace (exp d') with (exp d * exp m * exp (d' - d - m)).
    - apply Rmult_le_compat_l; [left; apply Rmult_lt_0_compat; apply exp_pos|apply exp_ineq1_le].
    - rewrite <- !exp_plus. f_equal. ring. }
  assert (I2 : exp m * (1 - m) <= 1).
  { replace 1 with (exp m * exp (- m)) at 2 by (rewrite <- exp_plus, Rplus_opp_r; apply exp_0).
    apply Rmult_le_compat_l; [left; apply exp_pos|]. pose proof (exp_ineq1_le (- m)). lra. }
  assert (Z : a * exp d * (d' - d - m) + b * (- m) = 0).
  { unfold m. rewrite Ep. field. lra. }
  assert (Z' : exp m * (a * exp d * (d' - d - m) + b * (- m)) = 0) by (rewrite Z; ring).
  assert (J1 : a * (exp d * exp m * (1 + (d' - d - m))) <= a * exp d') by (apply Rmult_le_compat_l; lra).
  assert (J2 : b * (exp m * (1 - m)) <= b * 1) by (apply Rmult_le_compat_l; lra).
  nra.
Qed.

Lemma lse_convex a b s t s' t' l : 0 < a -> 0 < b -> 0 <= l <= 1 ->
  lse a b ((1 - l) * s + l * s') ((1 - l) * t + l * t') <= (1 - l) * lse a b s t + l * lse a b s' t'.
Proof.
  intros Ha Hb Hl.
  pose proof (lse_tangent a b ((1 - l) * s + l * s') ((1 - l) * t + l * t') s t Ha Hb) as T.
  pose proof (lse_tangent a b ((1 - l) * s + l * s') ((1 - l) * t + l * t') s' t' Ha Hb) as T'.
  set (p := sigma (b / a) _) in *. set (v := lse a b ((1 - l) * s + l * s') _) in *.
  set (u := lse a b s t) in *. set (u' := lse a b s' t') in *.
  assert ((1 - l) * (v + (t - ((1 - l) * t + l * t')) + p * (s - t - ((1 - l) * s + l * s' - ((1 - l) * t + l * t')))) <= (1 - l) * u) by (apply Rmult_le_compat_l; lra).
  assert (l * (v + (t' - ((1 - l) * t + l * t')) + p * (s' - t' - ((1 - l) * s + l * s' - ((1 - l) * t + l * t')))) <= l * u') by (apply Rmult_le_compat_l; lra).
  nra.
Qed.

(* Logits that are linear in x. *)
Lemma moderate_lse a b p q : 0 < a -> 0 < b -> moderate (fun x => lse a b (dot p x) (dot q x)).
Proof.
  intros Ha Hb.
  apply moderate_ext with (f := fun x => dot q x + ln (a * exp (dot (minus p q) x) + b)).
  - intros x. rewrite lse_split by assumption. f_equal. f_equal. f_equal. f_equal. f_equal.
    unfold dot, minus; simpl; ring.
  - apply moderate_plus; [apply moderate_dot|].
    apply moderate_lipschitz with (phi := fun s => ln (a * exp s + b)) (f := dot (minus p q)).
    + apply softplus_lipschitz; assumption.
    + apply moderate_dot.
Qed.

Lemma moderate_sigma c p : 0 < c -> moderate (fun x => sigma c (dot p x)).
Proof.
  intros Hc. apply moderate_lipschitz with (phi := sigma c) (f := dot p).
  - apply sigma_lipschitz; assumption.
  - apply moderate_dot.
Qed.
