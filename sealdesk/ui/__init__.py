"""The desktop window: shows what the stages know and hands over what people decide; it holds no rules, tables, devices or HTTP.

Everything here runs on the window's thread and never waits: work goes to a lane through `sealdesk.ui.jobs`, the person is
asked through `sealdesk.ui.interaction`, and what failed is shown by the one table in `sealdesk.ui.failures`.
"""
